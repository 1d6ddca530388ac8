-- Foreign data wrappers.
select json_build_object(
    'name', o.fdwname,
    'handler', (
        select json_build_object('namespace', nullif(fn.nspname, 'pg_catalog'), 'name', f.proname)
        from pg_proc f
        join pg_namespace fn on fn.oid = f.pronamespace
        where f.oid = o.fdwhandler
    ),
    'validator', (
        select json_build_object('namespace', nullif(fn.nspname, 'pg_catalog'), 'name', f.proname)
        from pg_proc f
        join pg_namespace fn on fn.oid = f.pronamespace
        where f.oid = o.fdwvalidator
    ),
    'options', coalesce(
        (
            select json_object_agg(option.option_name, option.option_value)
            from pg_options_to_table(o.fdwoptions) option
        ),
        '{}'
    )
)
from pg_foreign_data_wrapper o
where current_setting('pgphase.all') = 'on'
    --? extension members
    and o.oid not in (
        select e.objid from pg_depend e
        where e.refclassid = 'pg_extension'::regclass and e.classid = 'pg_foreign_data_wrapper'::regclass and e.deptype = 'e'
    )
    --.
order by o.fdwname;
