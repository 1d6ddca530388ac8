-- Triggers, without those that PostgreSQL makes for foreign keys and the clones on partitions.
-- `definition` is there for the condition, which no function prints alone.
select json_build_object(
    'table', json_build_object('namespace', n.nspname, 'name', c.relname),
    'name', g.tgname,
    'timing', case when g.tgtype & 64 <> 0 then 'instead_of' when g.tgtype & 2 <> 0 then 'before' else 'after' end,
    'insert', g.tgtype & 4 <> 0,
    'delete', g.tgtype & 8 <> 0,
    'update', case when g.tgtype & 16 <> 0 then coalesce(
        (
            select json_agg(a.attname order by key.at)
            from unnest(g.tgattr::int2[]) with ordinality key (attnum, at)
            join pg_attribute a on a.attrelid = g.tgrelid and a.attnum = key.attnum
        ),
        '[]'
    ) end,
    'truncate', g.tgtype & 32 <> 0,
    'for_each_row', g.tgtype & 1 <> 0,
    'constraint', case when g.tgconstraint <> 0 then json_build_object(
        'deferrable', g.tgdeferrable,
        'initially_deferred', g.tginitdeferred,
        'from', (
            select json_build_object('namespace', rn.nspname, 'name', r.relname)
            from pg_class r
            join pg_namespace rn on rn.oid = r.relnamespace
            where r.oid = g.tgconstrrelid
        )
    ) end,
    'old_table', g.tgoldtable,
    'new_table', g.tgnewtable,
    'definition', case when g.tgqual is not null then pg_get_triggerdef(g.oid) end,
    'function', json_build_object('namespace', nullif(pn.nspname, 'pg_catalog'), 'name', p.proname),
    'arguments', encode(g.tgargs, 'hex'),
    'enabled', case g.tgenabled when 'D' then 'disabled' when 'R' then 'replica' when 'A' then 'always' else 'origin' end,
    'below', (
        select coalesce(
            json_agg(
                json_build_array(
                    json_build_object('namespace', bn.nspname, 'name', b.relname),
                    case h.tgenabled when 'D' then 'disabled' when 'R' then 'replica' when 'A' then 'always' else 'origin' end
                )
                order by bn.nspname, b.relname
            ),
            '[]'
        )
        from pg_partition_tree(g.tgrelid) t
        join pg_trigger h on h.tgrelid = t.relid and h.tgname = g.tgname and h.tgparentid <> 0
        join pg_class b on b.oid = t.relid
        join pg_namespace bn on bn.oid = b.relnamespace
        where c.relkind = 'p' and h.tgenabled <> g.tgenabled
    )
)
from pg_trigger g
join pg_class c on c.oid = g.tgrelid
join pg_namespace n on n.oid = c.relnamespace
join pg_proc p on p.oid = g.tgfoid
join pg_namespace pn on pn.oid = p.pronamespace
where not g.tgisinternal
    and g.tgparentid = 0
    and c.relkind in ('r', 'p', 'v', 'f')
    and c.relpersistence <> 't'
    and n.nspname = any (current_setting('pgphase.namespaces')::text[])
    --? extension members
    and c.oid not in (
        select e.objid from pg_depend e
        where e.refclassid = 'pg_extension'::regclass and e.classid = 'pg_class'::regclass and e.deptype = 'e'
    )
    --.
    --? extension members
    and g.oid not in (
        select e.objid from pg_depend e
        where e.refclassid = 'pg_extension'::regclass and e.classid = 'pg_trigger'::regclass and e.deptype = 'e'
    )
    --.
order by n.nspname, c.relname, g.tgname;
