-- User mappings. The server shows the options to some roles alone, so whether they can be seen is told too.
select json_build_object(
    'server', m.srvname,
    'user', m.usename,
    'hidden', m.umoptions is null and not (
        (select r.rolsuper from pg_roles r where r.rolname = current_user)
        or m.umuser = 0 and pg_has_role(o.srvowner, 'usage')
        or m.usename = current_user
            and (pg_has_role(o.srvowner, 'usage') or has_server_privilege(o.oid, 'usage'))
    ),
    'options', coalesce(
        (
            select json_object_agg(option.option_name, option.option_value)
            from pg_options_to_table(m.umoptions) option
        ),
        '{}'
    )
)
from pg_user_mappings m
join pg_foreign_server o on o.oid = m.srvid
where current_setting('pgphase.all') = 'on'
    --? extension members
    and o.oid not in (
        select e.objid from pg_depend e
        where e.refclassid = 'pg_extension'::regclass and e.classid = 'pg_foreign_server'::regclass and e.deptype = 'e'
    )
    --.
order by m.srvname, m.usename;
