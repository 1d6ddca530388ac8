-- Text search parsers.
select json_build_object(
    'name', json_build_object('namespace', n.nspname, 'name', o.prsname),
    'functions', json_strip_nulls(json_build_object(
    'start', (
        select json_build_object('namespace', nullif(fn.nspname, 'pg_catalog'), 'name', f.proname)
        from pg_proc f
        join pg_namespace fn on fn.oid = f.pronamespace
        where f.oid = o.prsstart
    ),
    'gettoken', (
        select json_build_object('namespace', nullif(fn.nspname, 'pg_catalog'), 'name', f.proname)
        from pg_proc f
        join pg_namespace fn on fn.oid = f.pronamespace
        where f.oid = o.prstoken
    ),
    'end', (
        select json_build_object('namespace', nullif(fn.nspname, 'pg_catalog'), 'name', f.proname)
        from pg_proc f
        join pg_namespace fn on fn.oid = f.pronamespace
        where f.oid = o.prsend
    ),
    'headline', (
        select json_build_object('namespace', nullif(fn.nspname, 'pg_catalog'), 'name', f.proname)
        from pg_proc f
        join pg_namespace fn on fn.oid = f.pronamespace
        where f.oid = o.prsheadline
    ),
    'lextypes', (
        select json_build_object('namespace', nullif(fn.nspname, 'pg_catalog'), 'name', f.proname)
        from pg_proc f
        join pg_namespace fn on fn.oid = f.pronamespace
        where f.oid = o.prslextype
    )
    ))
)
from pg_ts_parser o
join pg_namespace n on n.oid = o.prsnamespace
where n.nspname = any (current_setting('pgphase.namespaces')::text[])
    --? extension members
    and o.oid not in (
        select e.objid from pg_depend e
        where e.refclassid = 'pg_extension'::regclass and e.classid = 'pg_ts_parser'::regclass and e.deptype = 'e'
    )
    --.
order by n.nspname, o.prsname;
