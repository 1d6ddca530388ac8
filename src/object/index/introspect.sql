-- Indexes that no constraint owns. `definition` is there where an expression has a collation: it alone says whether that was
-- given for the index. A column that the server's version does not have is taken from `missing`.
select json_build_object(
    'name', json_build_object('namespace', n.nspname, 'name', ic.relname),
    'table', json_build_object('namespace', n.nspname, 'name', c.relname),
    'unique', i.indisunique,
    'nulls_not_distinct', i.nulls_not_distinct,
    'method', m.amname,
    'keys', (
        select json_agg(
            json_build_object(
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
            )
            order by key.at
        )
        from unnest(i.indkey::int2[], i.indclass::oid[], i.indcollation::oid[], i.indoption::int2[])
            with ordinality key (attnum, class, collid, option, at)
        join pg_opclass o on o.oid = key.class
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
    'include', case when i.indnatts = i.indnkeyatts then '[]' else (
        select json_agg(a.attname order by key.at)
        from unnest(i.indkey::int2[]) with ordinality key (attnum, at)
        join pg_attribute a on a.attrelid = i.indrelid and a.attnum = key.attnum
        where key.at > i.indnkeyatts
    ) end,
    'predicate', pg_get_expr(i.indpred, i.indrelid),
    'options', case when ic.reloptions is null then '{}' else (
        select json_object_agg(option_name, option_value) from pg_options_to_table(ic.reloptions)
    ) end,
    'tablespace', case when ic.reltablespace <> 0 then (
        select s.spcname from pg_tablespace s where s.oid = ic.reltablespace
    ) end,
    --? heirs
    'attached_to', case when ic.relispartition then (
        select json_build_object('namespace', pn.nspname, 'name', p.relname)
        from pg_inherits h
        join pg_class p on p.oid = h.inhparent
        join pg_namespace pn on pn.oid = p.relnamespace
        where h.inhrelid = i.indexrelid
    ) end,
    --.
    'invalid', not i.indisvalid,
    'clustered', i.indisclustered,
    'definition', case when i.indexprs is not null and 0 <> any (i.indcollation::oid[]) then
        pg_get_indexdef(i.indexrelid)
    end
)
from (select false as indnullsnotdistinct) missing
cross join lateral (select x.*, indnullsnotdistinct as nulls_not_distinct from pg_index x) i
join pg_class ic on ic.oid = i.indexrelid
join pg_class c on c.oid = i.indrelid
join pg_namespace n on n.oid = c.relnamespace
join pg_am m on m.oid = ic.relam
where c.relkind in ('r', 'p', 'm')
    and c.relpersistence <> 't'
    and n.nspname = any (current_setting('pgphase.namespaces')::text[])
    and i.indexrelid not in (select k.conindid from pg_constraint k where k.contype in ('p', 'u', 'x'))
    --? extension members
    and c.oid not in (
        select e.objid from pg_depend e
        where e.refclassid = 'pg_extension'::regclass and e.classid = 'pg_class'::regclass and e.deptype = 'e'
    )
    --.
    --? extension members
    and ic.oid not in (
        select e.objid from pg_depend e
        where e.refclassid = 'pg_extension'::regclass and e.classid = 'pg_class'::regclass and e.deptype = 'e'
    )
    --.
order by n.nspname, ic.relname;
