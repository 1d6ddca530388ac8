-- Ordinary tables, partitioned tables, foreign tables and partitions.
select json_build_object(
    'name', json_build_object('namespace', n.nspname, 'name', c.relname),
    'unlogged', c.relpersistence = 'u',
    'access_method', (select nullif(m.amname, 'heap') from pg_am m where m.oid = c.relam),
    'tablespace', case when c.reltablespace <> 0 then (
        select s.spcname from pg_tablespace s where s.oid = c.reltablespace
    ) end,
    'options', case when c.reloptions is not null or toast.reloptions is not null then (
        select json_object_agg(o.name, o.value order by o.name)
        from (
            select option_name, option_value from pg_options_to_table(c.reloptions)
            union all
            select 'toast.' || option_name, option_value from pg_options_to_table(toast.reloptions)
        ) o (name, value)
    ) else '{}' end,
    --? composite types
    'of_type', case when c.reloftype <> 0 then (
        select json_build_object('namespace', tn.nspname, 'name', t.typname)
        from pg_type t
        join pg_namespace tn on tn.oid = t.typnamespace
        where t.oid = c.reloftype
    ) end,
    --.
    --? heirs
    'inherits', case when p.inhparents is not null and not c.relispartition then p.inhparents else '[]' end,
    --.
    --? partitioned tables
    'partition_by', case when c.relkind = 'p' then (
        select json_build_object(
            'strategy', case k.partstrat when 'r' then 'range' when 'l' then 'list' else 'hash' end,
            'definition', pg_get_partkeydef(c.oid),
            'keys', (
                select json_agg(
                    json_build_object(
                        'column', a.attname,
                        'collation', case when key.collid <> 0 and key.collid <> coalesce(a.attcollation, 0) then (
                            select json_build_object('namespace', nullif(ln.nspname, 'pg_catalog'), 'name', l.collname)
                            from pg_collation l
                            join pg_namespace ln on ln.oid = l.collnamespace
                            where l.oid = key.collid
                        ) end,
                        'operator_class', case
                            when not o.opcdefault
                                -- The class is the default for another type, and the column's type has a default of its own.
                                or (o.opcintype <> a.atttypid and exists (
                                    select from pg_opclass d
                                    where d.opcmethod = o.opcmethod and d.opcdefault and d.opcintype = a.atttypid
                                ))
                            then json_build_object('namespace', nullif(opn.nspname, 'pg_catalog'), 'name', o.opcname)
                        end
                    )
                    order by key.at
                )
                from unnest(k.partattrs::int2[], k.partclass::oid[], k.partcollation::oid[])
                    with ordinality key (attnum, class, collid, at)
                join pg_opclass o on o.oid = key.class
                join pg_namespace opn on opn.oid = o.opcnamespace
                left join pg_attribute a on a.attrelid = c.oid and a.attnum = key.attnum and key.attnum <> 0
            )
        )
        from pg_partitioned_table k
        where k.partrelid = c.oid
    ) end,
    --.
    --? heirs
    'partition_of', case when c.relispartition then
        json_build_object(
            'parent', p.inhparents -> 0,
            'bound', pg_get_expr(c.relpartbound, c.oid),
            'detach_pending', p.pending
        )
    end,
    --.
    -- A foreign table writes no log, and shows that as NOTHING.
    'replica_identity', case case c.relkind when 'f' then 'd' else c.relreplident end
        when 'f' then to_json('full'::text)
        when 'n' then to_json('nothing'::text)
        when 'i' then coalesce(
            (
                select json_build_object('index', ic.relname)
                from pg_index i
                join pg_class ic on ic.oid = i.indexrelid
                where i.indrelid = c.oid and i.indisreplident
            ),
            -- The index is gone: PostgreSQL then writes nothing of old rows.
            to_json('nothing'::text)
        )
        else to_json('default'::text)
    end,
    --? servers
    'foreign', (
        select json_build_object(
            'server', fs.srvname,
            'options', coalesce(
                (
                    select json_object_agg(option.option_name, option.option_value)
                    from pg_options_to_table(f.ftoptions) option
                ),
                '{}'
            )
        )
        from pg_foreign_table f
        join pg_foreign_server fs on fs.oid = f.ftserver
        where f.ftrelid = c.oid
    ),
    --.
    'row_security', c.relrowsecurity,
    'force_row_security', c.relforcerowsecurity
)
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
left join pg_class toast on toast.oid = c.reltoastrelid
--? heirs
left join (
    select h.inhrelid,
        json_agg(json_build_object('namespace', pn.nspname, 'name', pc.relname) order by h.inhseqno) as inhparents,
        bool_or(h.inhdetachpending) as pending
    from pg_inherits h
    join pg_class pc on pc.oid = h.inhparent and pc.relkind in ('r', 'p', 'f')
    join pg_namespace pn on pn.oid = pc.relnamespace
    group by h.inhrelid
) p on p.inhrelid = c.oid
--.
where c.relkind in ('r', 'p', 'f')
    and c.relpersistence <> 't'
    and n.nspname = any (current_setting('pgphase.namespaces')::text[])
    --? extension members
    and c.oid not in (
        select e.objid from pg_depend e
        where e.refclassid = 'pg_extension'::regclass and e.classid = 'pg_class'::regclass and e.deptype = 'e'
    )
    --.
order by n.nspname, c.relname;
