-- Casts that somebody made. The cast from a range to its multirange belongs to the type.
select json_build_object(
    'source', format_type(c.castsource, null),
    'target', format_type(c.casttarget, null),
    'function', (
        select json_build_object('namespace', nullif(n.nspname, 'pg_catalog'), 'name', p.proname)
        from pg_proc p
        join pg_namespace n on n.oid = p.pronamespace
        where p.oid = c.castfunc
    ),
    'arguments', coalesce(
        (
            select json_agg(format_type(a.type, null) order by a.at)
            from pg_proc p, unnest(p.proargtypes::oid[]) with ordinality a (type, at)
            where p.oid = c.castfunc
        ),
        '[]'
    ),
    'inout', c.castmethod = 'i',
    'context', case c.castcontext when 'a' then 'assignment' when 'i' then 'implicit' else 'explicit' end
)
from pg_cast c
where c.oid >= 16384
    and current_setting('pgphase.all') = 'on'
    and c.oid not in (
        select d.objid from pg_depend d where d.classid = 'pg_cast'::regclass and d.deptype in ('e', 'i')
    )
order by format_type(c.castsource, null), format_type(c.casttarget, null);
