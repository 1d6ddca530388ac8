-- What is in the model but not in order: invalid indexes, constraints that are not valid, partitions half detached, connections
-- that may not be read, sequences of identity columns that are not logged as their tables are, materialized views without data.
with managed as (
    select n.oid, quote_ident(n.nspname) as quoted
    from pg_namespace n
    where n.nspname = any (current_setting('pgphase.namespaces')::text[])
)
select json_build_object('kind', s.kind, 'name', s.name)
from (
    select 'invalid index' as kind, n.quoted || '.' || quote_ident(c.relname) as name
    from pg_index i
    join pg_class c on c.oid = i.indexrelid
    join managed n on n.oid = c.relnamespace
    where not i.indisvalid
    union all
    select 'not valid constraint', n.quoted || '.' || quote_ident(c.relname) || '.' || quote_ident(k.conname)
    from pg_constraint k
    join pg_class c on c.oid = k.conrelid
    join managed n on n.oid = c.relnamespace
    where not k.convalidated and coalesce((to_jsonb(k) ->> 'conenforced')::boolean, true) and k.conparentid = 0
    --? sequences
    union all
    -- Before version 15 every sequence is logged.
    select 'logged apart', n.quoted || '.' || quote_ident(c.relname)
    from pg_depend d
    join pg_class c on c.oid = d.objid
    join pg_class t on t.oid = d.refobjid
    join managed n on n.oid = c.relnamespace
    where d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass and d.deptype = 'i' and d.refobjsubid > 0
        and c.relkind = 'S' and c.relpersistence <> t.relpersistence
        and current_setting('server_version_num')::int >= 150000
    --.
    --? materialized views
    union all
    select 'not populated', n.quoted || '.' || quote_ident(c.relname)
    from pg_class c
    join managed n on n.oid = c.relnamespace
    where c.relkind = 'm' and not c.relispopulated
    --.
    --? domain constraints
    union all
    select 'not valid domain constraint', n.quoted || '.' || quote_ident(t.typname) || '.' || quote_ident(k.conname)
    from pg_constraint k
    join pg_type t on t.oid = k.contypid
    join managed n on n.oid = t.typnamespace
    where not k.convalidated
    --.
    --? heirs
    union all
    select 'detach pending', n.quoted || '.' || quote_ident(c.relname)
    from pg_inherits h
    join pg_class c on c.oid = h.inhrelid
    join managed n on n.oid = c.relnamespace
    where h.inhdetachpending
    --.
    --? subscriptions
    union all
    select 'hidden connection', quote_ident(s.subname)
    from pg_subscription s
    where s.subdbid = (select d.oid from pg_database d where d.datname = current_database())
        and current_setting('pgphase.all') = 'on'
        and not has_column_privilege('pg_catalog.pg_subscription', 'subconninfo', 'select')
    --.
) s
order by s.kind, s.name;
