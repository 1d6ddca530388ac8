-- Views. `check_option` is one of the options in the catalog.
select json_build_object(
    'name', json_build_object('namespace', n.nspname, 'name', c.relname),
    'query', rtrim(pg_get_viewdef(c.oid), ';'),
    'options', coalesce(
        (
            select json_object_agg(option_name, option_value)
            from pg_options_to_table(c.reloptions)
            where option_name <> 'check_option'
        ),
        '{}'
    ),
    'check_option', (
        select option_value from pg_options_to_table(c.reloptions) where option_name = 'check_option'
    ),
    'defaults', coalesce(
        (
            select json_object_agg(a.attname, pg_get_expr(d.adbin, d.adrelid))
            from pg_attrdef d
            join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum
            where d.adrelid = c.oid
        ),
        '{}'
    ),
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
where c.relkind = 'v'
    and c.relpersistence <> 't'
    and n.nspname = any (current_setting('pgphase.namespaces')::text[])
    --? extension members
    and c.oid not in (
        select e.objid from pg_depend e
        where e.refclassid = 'pg_extension'::regclass and e.classid = 'pg_class'::regclass and e.deptype = 'e'
    )
    --.
order by n.nspname, c.relname;
