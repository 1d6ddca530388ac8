-- Operators. Those without a function are only names that others have announced.
select json_build_object(
    'name', json_build_object('namespace', n.nspname, 'name', o.oprname),
    'left', format_type(nullif(o.oprleft, 0), null),
    'right', format_type(o.oprright, null),
    'function', (
        select json_build_object('namespace', nullif(fn.nspname, 'pg_catalog'), 'name', f.proname)
        from pg_proc f
        join pg_namespace fn on fn.oid = f.pronamespace
        where f.oid = o.oprcode
    ),
    'commutator', (
        select json_build_object('namespace', nullif(xn.nspname, 'pg_catalog'), 'name', x.oprname)
        from pg_operator x
        join pg_namespace xn on xn.oid = x.oprnamespace
        where x.oid = o.oprcom
    ),
    'negator', (
        select json_build_object('namespace', nullif(xn.nspname, 'pg_catalog'), 'name', x.oprname)
        from pg_operator x
        join pg_namespace xn on xn.oid = x.oprnamespace
        where x.oid = o.oprnegate
    ),
    'restrict', (
        select json_build_object('namespace', nullif(fn.nspname, 'pg_catalog'), 'name', f.proname)
        from pg_proc f
        join pg_namespace fn on fn.oid = f.pronamespace
        where f.oid = o.oprrest
    ),
    'join', (
        select json_build_object('namespace', nullif(fn.nspname, 'pg_catalog'), 'name', f.proname)
        from pg_proc f
        join pg_namespace fn on fn.oid = f.pronamespace
        where f.oid = o.oprjoin
    ),
    'hashes', o.oprcanhash,
    'merges', o.oprcanmerge
)
from pg_operator o
join pg_namespace n on n.oid = o.oprnamespace
where n.nspname = any (current_setting('pgphase.namespaces')::text[])
    and o.oprcode <> 0
    --? extension members
    and o.oid not in (
        select e.objid from pg_depend e
        where e.refclassid = 'pg_extension'::regclass and e.classid = 'pg_operator'::regclass and e.deptype = 'e'
    )
    --.
order by n.nspname, o.oprname, o.oprleft, o.oprright;
