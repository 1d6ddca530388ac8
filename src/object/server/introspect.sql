-- Foreign servers.
select json_build_object(
    'name', o.srvname,
    'type', o.srvtype,
    'version', o.srvversion,
    'wrapper', w.fdwname,
    'options', coalesce(
        (
            select json_object_agg(option.option_name, option.option_value)
            from pg_options_to_table(o.srvoptions) option
        ),
        '{}'
    )
)
from pg_foreign_server o
join pg_foreign_data_wrapper w on w.oid = o.srvfdw
where current_setting('pgphase.all') = 'on'
    --? extension members
    and o.oid not in (
        select e.objid from pg_depend e
        where e.refclassid = 'pg_extension'::regclass and e.classid = 'pg_foreign_server'::regclass and e.deptype = 'e'
    )
    --.
order by o.srvname;
