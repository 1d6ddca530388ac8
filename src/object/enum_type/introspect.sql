-- Enumerated types with their labels in sort order.
select json_build_object(
    'name', json_build_object('namespace', n.nspname, 'name', t.typname),
    'labels', coalesce(
        (select json_agg(e.enumlabel order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid),
        '[]'
    )
)
from pg_type t
join pg_namespace n on n.oid = t.typnamespace
where t.typtype = 'e'
    and n.nspname = any (current_setting('pgphase.namespaces')::text[])
    --? extension members
    and t.oid not in (
        select e.objid from pg_depend e
        where e.refclassid = 'pg_extension'::regclass and e.classid = 'pg_type'::regclass and e.deptype = 'e'
    )
    --.
order by n.nspname, t.typname;
