-- Columns of tables, in their order.
select json_build_object(
    'table', json_build_object('namespace', n.nspname, 'name', c.relname),
    'name', a.attname,
    'type_name', format_type(a.atttypid, a.atttypmod),
    'collation', case when a.attcollation <> t.typcollation then (
        select json_build_object('namespace', nullif(ln.nspname, 'pg_catalog'), 'name', l.collname)
        from pg_collation l
        join pg_namespace ln on ln.oid = l.collnamespace
        where l.oid = a.attcollation
    ) end,
    'default', case when a.attgenerated = '' then pg_get_expr(d.adbin, d.adrelid) end,
    'generated', case when a.attgenerated <> '' then
        json_build_object('expr', pg_get_expr(d.adbin, d.adrelid), 'virtual', a.attgenerated = 'v')
    end,
    --? sequences
    'identity', case when a.attidentity <> '' then (
        -- A partition (PostgreSQL 17) shares the sequence of its root, and has no row here.
        select json_build_object(
            'always', a.attidentity = 'a',
            'sequence', json_build_object('namespace', sn.nspname, 'name', sc.relname),
            'options', json_build_object(
                'start', s.seqstart,
                'increment', s.seqincrement,
                'min', s.seqmin,
                'max', s.seqmax,
                'cache', s.seqcache,
                'cycle', s.seqcycle
            )
        )
        from pg_depend o
        join pg_sequence s on s.seqrelid = o.objid
        join pg_class sc on sc.oid = o.objid
        join pg_namespace sn on sn.oid = sc.relnamespace
        where o.refclassid = 'pg_class'::regclass and o.refobjid = a.attrelid and o.refobjsubid = a.attnum
            and o.classid = 'pg_class'::regclass and o.deptype = 'i'
    ) end,
    --.
    --? servers
    'foreign_options', case when a.attfdwoptions is null then '{}' else (
        select json_object_agg(option_name, option_value) from pg_options_to_table(a.attfdwoptions)
    ) end,
    --.
    'storage', case when a.attstorage <> t.typstorage then
        case a.attstorage when 'p' then 'plain' when 'e' then 'external' when 'x' then 'extended' else 'main' end
    end,
    'compression', case a.attcompression when 'p' then 'pglz' when 'l' then 'lz4' end,
    'statistics', nullif(a.attstattarget, -1),
    -- `pg_attver` is the server's own bookkeeping in minor releases since late 2026.
    'options', case when a.attoptions is null or (cardinality(a.attoptions) = 1 and a.attoptions[1] like 'pg\_attver=%')
        then '{}'
        else (
            select json_object_agg(option_name, option_value)
            from pg_options_to_table(a.attoptions)
            where option_name <> 'pg_attver'
        )
    end,
    --? not-null constraints
    'not_null_of_parent', a.attinhcount > 0 and (a.attrelid, a.attnum) in (
        select k.conrelid, k.conkey[1] from pg_constraint k where k.contype = 'n' and not k.conislocal
    ),
    --.
    'not_null', a.attnotnull
        --? not-null constraints
        and (a.attrelid, a.attnum) not in (
            select k.conrelid, k.conkey[1] from pg_constraint k where k.contype = 'n' and not k.convalidated
        )
        --.
)
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
join pg_type t on t.oid = a.atttypid
left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
where c.relkind in ('r', 'p', 'f')
    and c.relpersistence <> 't'
    and n.nspname = any (current_setting('pgphase.namespaces')::text[])
    --? extension members
    and c.oid not in (
        select e.objid from pg_depend e
        where e.refclassid = 'pg_extension'::regclass and e.classid = 'pg_class'::regclass and e.deptype = 'e'
    )
    --.
order by n.nspname, c.relname, a.attnum;
