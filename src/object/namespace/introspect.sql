-- Namespaces that are managed.
select json_build_object('name', n.nspname)
from pg_namespace n
where n.nspname = any (current_setting('pgphase.namespaces')::text[])
    --? extension members
    and n.oid not in (
        select e.objid from pg_depend e
        where e.refclassid = 'pg_extension'::regclass and e.classid = 'pg_namespace'::regclass and e.deptype = 'e'
    )
    --.
order by n.nspname;
