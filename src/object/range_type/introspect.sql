-- Range types. Their multirange types are named, not listed.
select json_build_object(
    'name', json_build_object('namespace', n.nspname, 'name', t.typname),
    'subtype', format_type(r.rngsubtype, null),
    'operator_class', case when not o.opcdefault then
        json_build_object('namespace', nullif(opn.nspname, 'pg_catalog'), 'name', o.opcname)
    end,
    'collation', case when r.rngcollation <> s.typcollation then
        json_build_object('namespace', nullif(ln.nspname, 'pg_catalog'), 'name', l.collname)
    end,
    'canonical', case when cf.oid is not null then
        json_build_object('namespace', nullif(cn.nspname, 'pg_catalog'), 'name', cf.proname)
    end,
    'subtype_diff', case when df.oid is not null then
        json_build_object('namespace', nullif(dn.nspname, 'pg_catalog'), 'name', df.proname)
    end,
    'multirange', json_build_object('namespace', mn.nspname, 'name', m.typname)
)
from pg_range r
join pg_type t on t.oid = r.rngtypid
join pg_namespace n on n.oid = t.typnamespace
join pg_type s on s.oid = r.rngsubtype
join pg_opclass o on o.oid = r.rngsubopc
join pg_namespace opn on opn.oid = o.opcnamespace
join pg_type m on m.oid = r.rngmultitypid
join pg_namespace mn on mn.oid = m.typnamespace
left join pg_collation l on l.oid = r.rngcollation
left join pg_namespace ln on ln.oid = l.collnamespace
left join pg_proc cf on cf.oid = r.rngcanonical
left join pg_namespace cn on cn.oid = cf.pronamespace
left join pg_proc df on df.oid = r.rngsubdiff
left join pg_namespace dn on dn.oid = df.pronamespace
where n.nspname = any (current_setting('pgphase.namespaces')::text[])
    --? extension members
    and t.oid not in (
        select e.objid from pg_depend e
        where e.refclassid = 'pg_extension'::regclass and e.classid = 'pg_type'::regclass and e.deptype = 'e'
    )
    --.
order by n.nspname, t.typname;
