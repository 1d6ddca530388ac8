-- Publications. Row filters and column lists exist since PostgreSQL 15: where pg_publication_rel has no such column, its name
-- means the null around the inner query. Namespaces are found through their dependencies, which need no catalog of 15.
select json_build_object(
    'name', p.pubname,
    'all_tables', p.puballtables,
    'tables', (
        select coalesce(json_agg(member.entry order by member.namespace, member.name), '[]')
        from (select null::pg_node_tree as prqual, null::int2vector as prattrs) absent
        cross join lateral (
            select
                n.nspname as namespace,
                c.relname as name,
                json_build_object(
                    'table', json_build_object('namespace', n.nspname, 'name', c.relname),
                    'columns', coalesce(
                        (
                            select json_agg(a.attname order by a.attnum)
                            from pg_attribute a
                            where a.attrelid = r.prrelid and a.attnum = any (prattrs::int2[])
                        ),
                        '[]'
                    ),
                    'filter', pg_get_expr(prqual, r.prrelid)
                ) as entry
            from pg_publication_rel r
            join pg_class c on c.oid = r.prrelid
            join pg_namespace n on n.oid = c.relnamespace
            where r.prpubid = p.oid
        ) member
    ),
    'namespaces', (
        select coalesce(json_agg(n.nspname order by n.nspname), '[]')
        from pg_depend d
        join pg_depend s on s.classid = d.classid and s.objid = d.objid and s.refclassid = 'pg_namespace'::regclass
        join pg_namespace n on n.oid = s.refobjid
        where d.classid = to_regclass('pg_catalog.pg_publication_namespace')
            and d.refclassid = 'pg_publication'::regclass
            and d.refobjid = p.oid
    ),
    'options', json_build_object(
        'publish', concat_ws(
            ', ',
            case when p.pubinsert then 'insert' end,
            case when p.pubupdate then 'update' end,
            case when p.pubdelete then 'delete' end,
            case when p.pubtruncate then 'truncate' end
        ),
        'via_root', p.pubviaroot,
        'generated_columns', coalesce(to_jsonb(p) ->> 'pubgencols' = 's', false)
    )
)
from pg_publication p
where current_setting('pgphase.all') = 'on'
    --? extension members
    and p.oid not in (
        select e.objid from pg_depend e
        where e.refclassid = 'pg_extension'::regclass and e.classid = 'pg_publication'::regclass and e.deptype = 'e'
    )
    --.
order by p.pubname;
