-- Transforms.
select json_build_object(
    'type_name', format_type(t.trftype, null),
    'language', l.lanname,
    'from_sql', (
        select json_build_object('namespace', nullif(n.nspname, 'pg_catalog'), 'name', p.proname)
        from pg_proc p
        join pg_namespace n on n.oid = p.pronamespace
        where p.oid = t.trffromsql
    ),
    'to_sql', (
        select json_build_object('namespace', nullif(n.nspname, 'pg_catalog'), 'name', p.proname)
        from pg_proc p
        join pg_namespace n on n.oid = p.pronamespace
        where p.oid = t.trftosql
    )
)
from pg_transform t
join pg_language l on l.oid = t.trflang
where current_setting('pgphase.all') = 'on'
    --? extension members
    and t.oid not in (
        select e.objid from pg_depend e
        where e.refclassid = 'pg_extension'::regclass and e.classid = 'pg_transform'::regclass and e.deptype = 'e'
    )
    --.
order by format_type(t.trftype, null), l.lanname;
