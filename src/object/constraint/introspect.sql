-- Table constraints, those left out that a partition or inheritance child merely has from its parent.
-- `definition` is there where an exclusion has an expression: it alone says whether a collation was given for it.
-- A column that the server's version does not have is taken from `missing`.
select json_build_object(
    'table', json_build_object('namespace', n.nspname, 'name', c.relname),
    'name', k.conname,
    'rule', json_build_object(
        case k.contype
            when 'p' then 'primary_key'
            when 'u' then 'unique'
            when 'f' then 'foreign_key'
            when 'c' then 'check'
            when 'x' then 'exclude'
            else 'not_null'
        end,
        case k.contype
            when 'c' then json_build_object('expr', pg_get_expr(k.conbin, k.conrelid), 'no_inherit', k.connoinherit)
            when 'n' then json_build_object('column', columns.names -> 0, 'no_inherit', k.connoinherit)
            when 'f' then json_build_object(
                'columns', columns.names,
                'references', (
                    select json_build_object('namespace', fn.nspname, 'name', f.relname)
                    from pg_class f
                    join pg_namespace fn on fn.oid = f.relnamespace
                    where f.oid = k.confrelid
                ),
                'referenced_columns', (
                    select json_agg(a.attname order by array_position(k.confkey, a.attnum))
                    from pg_attribute a
                    where a.attrelid = k.confrelid and a.attnum = any (k.confkey)
                ),
                'match_full', k.confmatchtype = 'f',
                'on_update', case k.confupdtype
                    when 'r' then 'restrict' when 'c' then 'cascade' when 'n' then 'set_null' when 'd' then 'set_default'
                    else 'no_action'
                end,
                'on_delete', case k.confdeltype
                    when 'r' then 'restrict' when 'c' then 'cascade' when 'n' then 'set_null' when 'd' then 'set_default'
                    else 'no_action'
                end,
                'on_delete_columns', case when k.delete_columns is null then '[]' else (
                    select json_agg(a.attname order by array_position(k.delete_columns, a.attnum))
                    from pg_attribute a
                    where a.attrelid = k.conrelid and a.attnum = any (k.delete_columns)
                ) end,
                'period', k.period
            )
            --? exclusion constraints
            when 'x' then json_build_object(
                'method', (select m.amname from pg_am m where m.oid = ic.relam),
                'elements', (
                    select json_agg(
                        json_build_object(
                            'key', json_build_object(
                                'key', case when key.attnum <> 0 then json_build_object('column', a.attname)
                                    else json_build_object('expr', pg_get_indexdef(i.indexrelid, key.at::int, false))
                                end,
                                'collation', case when key.collid <> coalesce(a.attcollation, 0) and key.collid <> 0 then (
                                    select json_build_object('namespace', nullif(ln.nspname, 'pg_catalog'), 'name', l.collname)
                                    from pg_collation l
                                    join pg_namespace ln on ln.oid = l.collnamespace
                                    where l.oid = key.collid
                                ) end,
                                'operator_class', case
                                    when not o.opcdefault or options.list is not null
                                        -- The class is the default for another type, and the column's type has a default of its own.
                                        or (o.opcintype <> a.atttypid and exists (
                                            select from pg_opclass d
                                            where d.opcmethod = o.opcmethod and d.opcdefault and d.opcintype = a.atttypid
                                        ))
                                    then (
                                        select json_build_object('namespace', nullif(opn.nspname, 'pg_catalog'), 'name', o.opcname)
                                        from pg_namespace opn
                                        where opn.oid = o.opcnamespace
                                    )
                                end,
                                'operator_class_options', coalesce(options.list, '{}'),
                                'descending', key.option & 1 = 1,
                                'nulls_first', key.option & 2 = 2
                            ),
                            'operator', case when oprn.nspname = 'pg_catalog' then opr.oprname::text
                                else format('OPERATOR(%I.%s)', oprn.nspname, opr.oprname)
                            end
                        )
                        order by key.at
                    )
                    from unnest(
                        i.indkey::int2[], i.indclass::oid[], i.indcollation::oid[], i.indoption::int2[], k.conexclop
                    ) with ordinality key (attnum, class, collid, option, operator, at)
                    join pg_opclass o on o.oid = key.class
                    join pg_operator opr on opr.oid = key.operator
                    join pg_namespace oprn on oprn.oid = opr.oprnamespace
                    join pg_attribute ia on ia.attrelid = i.indexrelid and ia.attnum = key.at
                    cross join lateral (
                        select case when ia.attoptions is not null then (
                            select json_object_agg(option_name, option_value)
                            from pg_options_to_table(ia.attoptions)
                            where option_name <> 'pg_attver'
                        ) end as list
                    ) options
                    left join pg_attribute a on a.attrelid = i.indrelid and a.attnum = key.attnum and key.attnum <> 0
                    where key.at <= i.indnkeyatts
                ),
                'include', indexed.include,
                'predicate', pg_get_expr(i.indpred, i.indrelid),
                'options', indexed.options,
                'tablespace', indexed.tablespace
            )
            --.
            else json_build_object(
                'columns', columns.names,
                'include', indexed.include,
                'nulls_not_distinct', i.nulls_not_distinct,
                'without_overlaps', k.period,
                'options', indexed.options,
                'tablespace', indexed.tablespace
            )
        end
    ),
    'deferrable', k.condeferrable,
    'initially_deferred', k.condeferred,
    'not_enforced', not k.enforced,
    --? heirs
    'attached_to', case when ic.relispartition then (
        select json_build_object('namespace', pn.nspname, 'name', p.relname)
        from pg_inherits h
        join pg_class p on p.oid = h.inhparent
        join pg_namespace pn on pn.oid = p.relnamespace
        where h.inhrelid = i.indexrelid
    ) end,
    --.
    --? partitioned tables
    'missing', case when c.relkind = 'p' and k.contype in ('p', 'u') and not i.indisvalid then (
        select coalesce(json_agg(json_build_object('namespace', tn.nspname, 'name', t.relname) order by tn.nspname, t.relname), '[]')
        from pg_partition_tree(c.oid) part
        join pg_class t on t.oid = part.relid
        join pg_namespace tn on tn.oid = t.relnamespace
        where part.relid <> c.oid
            and not exists (
                select from pg_partition_tree(i.indexrelid) tree
                join pg_index ti on ti.indexrelid = tree.relid
                where ti.indrelid = part.relid
            )
    ) else '[]' end,
    'parts', case when c.relkind = 'p' and k.contype in ('p', 'u', 'f') then (
        with recursive below as (
            select part.oid, part.conrelid, part.conname
            from pg_constraint part
            where part.conparentid = k.oid and part.conrelid <> k.conrelid and part.confrelid = k.confrelid
            union all
            select part.oid, part.conrelid, part.conname
            from below
            join pg_constraint part on part.conparentid = below.oid
            where part.conrelid <> below.conrelid and part.confrelid = k.confrelid
        )
        select coalesce(json_agg(json_build_object(
            'table', json_build_object('namespace', tn.nspname, 'name', t.relname),
            'name', below.conname
        ) order by tn.nspname, t.relname), '[]')
        from below
        join pg_class t on t.oid = below.conrelid
        join pg_namespace tn on tn.oid = t.relnamespace
    ) else '[]' end,
    --.
    --? exclusion constraints
    'definition', case when i.indexprs is not null then pg_get_indexdef(i.indexrelid) end,
    --.
    'not_valid', k.enforced and not k.convalidated
)
from (
    select true as conenforced, false as conperiod, null::int2[] as confdelsetcols, false as indnullsnotdistinct
) missing
cross join lateral (
    select x.*, conenforced as enforced, conperiod as period, confdelsetcols as delete_columns
    from pg_constraint x
) k
join pg_class c on c.oid = k.conrelid
join pg_namespace n on n.oid = c.relnamespace
left join lateral (select x.*, indnullsnotdistinct as nulls_not_distinct from pg_index x) i
    on i.indexrelid = k.conindid and i.indrelid = k.conrelid and k.contype in ('p', 'u', 'x')
left join pg_class ic on ic.oid = i.indexrelid
cross join lateral (
    select case when k.contype <> 'c' then (
        select json_agg(
            (select a.attname from pg_attribute a where a.attrelid = k.conrelid and a.attnum = key.attnum) order by key.at
        )
        from unnest(k.conkey) with ordinality key (attnum, at)
    ) end as names
    -- The names are wanted in several places, and found once.
    offset 0
) columns
cross join lateral (
    select
        case when i.indnatts > i.indnkeyatts then (
            select json_agg(a.attname order by key.at)
            from unnest(i.indkey::int2[]) with ordinality key (attnum, at)
            join pg_attribute a on a.attrelid = i.indrelid and a.attnum = key.attnum
            where key.at > i.indnkeyatts
        ) else '[]' end as include,
        case when ic.reloptions is null then '{}' else (
            select json_object_agg(option_name, option_value) from pg_options_to_table(ic.reloptions)
        ) end as options,
        case when ic.reltablespace <> 0 then (
            select s.spcname from pg_tablespace s where s.oid = ic.reltablespace
        ) end as tablespace
) indexed
where k.contype in ('p', 'u', 'f', 'c', 'x', 'n')
    and c.relkind in ('r', 'p', 'f')
    and c.relpersistence <> 't'
    and n.nspname = any (current_setting('pgphase.namespaces')::text[])
    and k.conparentid = 0
    and (k.conislocal or k.coninhcount = 0)
    -- A not-null constraint that says no more than its column.
    and not (
        k.contype = 'n' and k.convalidated and not k.connoinherit
        and k.conname = c.relname || '_' || (columns.names ->> 0) || '_not_null'
    )
    --? extension members
    and c.oid not in (
        select e.objid from pg_depend e
        where e.refclassid = 'pg_extension'::regclass and e.classid = 'pg_class'::regclass and e.deptype = 'e'
    )
    --.
    --? extension members
    and k.oid not in (
        select e.objid from pg_depend e
        where e.refclassid = 'pg_extension'::regclass and e.classid = 'pg_constraint'::regclass and e.deptype = 'e'
    )
    --.
order by n.nspname, c.relname, k.conname;
