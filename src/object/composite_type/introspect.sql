-- Free-standing composite types. Row types of tables and views have another relkind.
select json_build_object(
    'name', json_build_object('namespace', n.nspname, 'name', t.typname),
    'attributes', coalesce(
        (
            select json_agg(
                json_build_object(
                    'name', a.attname,
                    'type_name', format_type(a.atttypid, a.atttypmod),
                    'collation', case when a.attcollation <> at.typcollation then (
                        select json_build_object('namespace', nullif(ln.nspname, 'pg_catalog'), 'name', l.collname)
                        from pg_collation l
                        join pg_namespace ln on ln.oid = l.collnamespace
                        where l.oid = a.attcollation
                    ) end
                )
                order by a.attnum
            )
            from pg_attribute a
            join pg_type at on at.oid = a.atttypid
            where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        ),
        '[]'
    )
)
from pg_class c
join pg_type t on t.oid = c.reltype
join pg_namespace n on n.oid = t.typnamespace
where c.relkind = 'c'
    and n.nspname = any (current_setting('pgphase.namespaces')::text[])
    --? extension members
    and t.oid not in (
        select e.objid from pg_depend e
        where e.refclassid = 'pg_extension'::regclass and e.classid = 'pg_type'::regclass and e.deptype = 'e'
    )
    --.
order by n.nspname, t.typname;
