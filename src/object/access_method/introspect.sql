-- Access methods that somebody made.
select json_build_object(
    'name', m.amname,
    'type', case m.amtype when 't' then 'table' else 'index' end,
    'handler', (
        select json_build_object('namespace', nullif(n.nspname, 'pg_catalog'), 'name', p.proname)
        from pg_proc p
        join pg_namespace n on n.oid = p.pronamespace
        where p.oid = m.amhandler
    )
)
from pg_am m
where m.oid >= 16384
    and current_setting('pgphase.all') = 'on'
    --? extension members
    and m.oid not in (
        select e.objid from pg_depend e
        where e.refclassid = 'pg_extension'::regclass and e.classid = 'pg_am'::regclass and e.deptype = 'e'
    )
    --.
order by m.amname;
