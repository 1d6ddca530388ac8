-- Namespaces that are managed.
select json_build_object('name', n.nspname)
from pg_namespace n
where n.nspname = any (current_setting('pgphase.namespaces')::text[])
    and not exists (
        select from pg_depend e
        where e.classid = 'pg_namespace'::regclass and e.objid = n.oid and e.deptype = 'e'
    )
order by n.nspname;
