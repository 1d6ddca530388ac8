-- How many objects of each kind there are, from the catalogs directly. Columns of heirs are left out.
with managed as (select oid from pg_namespace where nspname in ('public', 'My App')),
heir as (select inhrelid as oid from pg_inherits)
select case c.relkind when 'v' then 'view' when 'm' then 'materialized view' else 'table' end || ' ' || count(*)
from pg_class c where c.relnamespace in (select oid from managed) and c.relkind in ('r', 'p', 'v', 'm', 'f')
group by case c.relkind when 'v' then 'view' when 'm' then 'materialized view' else 'table' end
union all select 'sequence ' || count(*) from pg_sequence s
where not exists (select from pg_depend d where d.objid = s.seqrelid and d.deptype = 'i')
union all select 'column ' || count(*) from pg_attribute a join pg_class c on c.oid = a.attrelid
where c.relnamespace in (select oid from managed) and c.relkind in ('r', 'p', 'f') and a.attnum > 0 and not a.attisdropped
    and c.oid not in (select oid from heir)
union all select 'constraint ' || count(*) from pg_constraint k join pg_class c on c.oid = k.conrelid
where c.relnamespace in (select oid from managed) and k.contype in ('p', 'u', 'f', 'c', 'x')
    and c.oid not in (select oid from heir) and k.conparentid = 0
union all select 'index ' || count(*) from pg_index i join pg_class c on c.oid = i.indrelid
where c.relnamespace in (select oid from managed)
    and not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.contype <> 'f')
union all select case p.prokind when 'a' then 'aggregate' when 'p' then 'procedure' else 'function' end || ' ' || count(*)
from pg_proc p where p.pronamespace in (select oid from managed)
    and p.prolang <> (select oid from pg_language where lanname = 'internal') or p.prokind = 'a' and p.oid >= 16384
group by p.prokind
union all select case t.typtype when 'e' then 'enum' when 'd' then 'domain' else 'range type' end || ' ' || count(*)
from pg_type t where t.typnamespace in (select oid from managed) and t.typtype in ('e', 'd', 'r') group by t.typtype
union all select 'composite type ' || count(*) from pg_class c where c.relnamespace in (select oid from managed) and c.relkind = 'c'
union all select 'domain constraint ' || count(*) from pg_constraint k
where k.contypid <> 0 and k.contype = 'c' and k.connamespace in (select oid from managed)
union all select 'trigger ' || count(*) from pg_trigger g where not g.tgisinternal and g.tgparentid = 0
union all select 'rule ' || count(*) from pg_rewrite r where r.oid >= 16384 and r.rulename <> '_RETURN'
union all select 'policy ' || count(*) from pg_policy
union all select 'event trigger ' || count(*) from pg_event_trigger
union all select 'statistics ' || count(*) from pg_statistic_ext
union all select 'default privileges ' || count(*) from pg_default_acl
union all select 'cast ' || count(*) from pg_cast k where k.oid >= 16384
    and not exists (select from pg_depend d where d.classid = 'pg_cast'::regclass and d.objid = k.oid and d.deptype = 'i')
union all select 'collation ' || count(*) from pg_collation where collnamespace in (select oid from managed)
union all select 'foreign data wrapper ' || count(*) from pg_foreign_data_wrapper
union all select 'server ' || count(*) from pg_foreign_server
union all select 'operator ' || count(*) from pg_operator where oprnamespace in (select oid from managed)
union all select 'publication ' || count(*) from pg_publication
union all select 'text search configuration ' || count(*) from pg_ts_config where cfgnamespace in (select oid from managed)
union all select 'language ' || count(*) from pg_language l where l.oid >= 16384
    and not exists (select from pg_depend d where d.classid = 'pg_language'::regclass and d.objid = l.oid and d.deptype = 'e')
union all select 'access method ' || count(*) from pg_am where oid >= 16384
union all select 'transform ' || count(*) from pg_transform
union all select 'comment ' || count(*) from pg_description d
where d.objoid >= 16384 or d.classoid = 'pg_namespace'::regclass and d.objoid in (select oid from managed)
    and d.description <> 'standard public schema'
order by 1;
