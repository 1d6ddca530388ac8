-- Text search templates.
select json_build_object(
    'name', json_build_object('namespace', n.nspname, 'name', o.tmplname),
    'functions', json_strip_nulls(json_build_object(
    'init', (
        select json_build_object('namespace', nullif(fn.nspname, 'pg_catalog'), 'name', f.proname)
        from pg_proc f
        join pg_namespace fn on fn.oid = f.pronamespace
        where f.oid = o.tmplinit
    ),
    'lexize', (
        select json_build_object('namespace', nullif(fn.nspname, 'pg_catalog'), 'name', f.proname)
        from pg_proc f
        join pg_namespace fn on fn.oid = f.pronamespace
        where f.oid = o.tmpllexize
    )
    ))
)
from pg_ts_template o
join pg_namespace n on n.oid = o.tmplnamespace
where n.nspname = any (current_setting('pgphase.namespaces')::text[])
    --? extension members
    and o.oid not in (
        select e.objid from pg_depend e
        where e.refclassid = 'pg_extension'::regclass and e.classid = 'pg_ts_template'::regclass and e.deptype = 'e'
    )
    --.
order by n.nspname, o.tmplname;
