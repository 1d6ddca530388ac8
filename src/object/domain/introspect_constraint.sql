-- Checks of domains.
select json_build_object(
    'domain', json_build_object('namespace', n.nspname, 'name', t.typname),
    'name', k.conname,
    'check', pg_get_expr(k.conbin, 0),
    'not_valid', not k.convalidated
)
from pg_constraint k
join pg_type t on t.oid = k.contypid
join pg_namespace n on n.oid = t.typnamespace
where k.contype = 'c'
    and n.nspname = any (current_setting('pgphase.namespaces')::text[])
    --? extension members
    and t.oid not in (
        select e.objid from pg_depend e
        where e.refclassid = 'pg_extension'::regclass and e.classid = 'pg_type'::regclass and e.deptype = 'e'
    )
    --.
order by n.nspname, t.typname, k.conname;
