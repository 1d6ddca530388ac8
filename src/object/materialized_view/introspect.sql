-- Materialized views.
select json_build_object(
    'name', json_build_object('namespace', n.nspname, 'name', c.relname),
    'query', rtrim(pg_get_viewdef(c.oid), ';'),
    'access_method', nullif(m.amname, 'heap'),
    'options', case when c.reloptions is not null or toast.reloptions is not null then (
        select json_object_agg(o.name, o.value order by o.name)
        from (
            select option_name, option_value from pg_options_to_table(c.reloptions)
            union all
            select 'toast.' || option_name, option_value from pg_options_to_table(toast.reloptions)
        ) o (name, value)
    ) else '{}' end,
    'tablespace', s.spcname,
    'no_data', not c.relispopulated,
    'output', coalesce(
        (
            select json_agg(
                json_build_object('name', a.attname, 'type_name', format_type(a.atttypid, a.atttypmod))
                order by a.attnum
            )
            from pg_attribute a
            where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        ),
        '[]'
    )
)
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
left join pg_class toast on toast.oid = c.reltoastrelid
left join pg_am m on m.oid = c.relam
left join pg_tablespace s on s.oid = c.reltablespace
where c.relkind = 'm'
    and n.nspname = any (current_setting('pgphase.namespaces')::text[])
    --? extension members
    and c.oid not in (
        select e.objid from pg_depend e
        where e.refclassid = 'pg_extension'::regclass and e.classid = 'pg_class'::regclass and e.deptype = 'e'
    )
    --.
order by n.nspname, c.relname;
