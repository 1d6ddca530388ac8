-- Domains, without their checks.
select json_build_object(
    'name', json_build_object('namespace', n.nspname, 'name', t.typname),
    'base', format_type(t.typbasetype, t.typtypmod),
    'collation', case when t.typcollation <> b.typcollation then
        json_build_object('namespace', nullif(ln.nspname, 'pg_catalog'), 'name', l.collname)
    end,
    'default', pg_get_expr(t.typdefaultbin, 0),
    'not_null', t.typnotnull
)
from pg_type t
join pg_namespace n on n.oid = t.typnamespace
join pg_type b on b.oid = t.typbasetype
left join pg_collation l on l.oid = t.typcollation
left join pg_namespace ln on ln.oid = l.collnamespace
where t.typtype = 'd'
    and n.nspname = any (current_setting('pgphase.namespaces')::text[])
    --? extension members
    and t.oid not in (
        select e.objid from pg_depend e
        where e.refclassid = 'pg_extension'::regclass and e.classid = 'pg_type'::regclass and e.deptype = 'e'
    )
    --.
order by n.nspname, t.typname;
