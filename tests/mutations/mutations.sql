-- Changes of one attribute of one object, for every object of the database that has it. One row each: the name of the
-- mutation, the object that must be told apart afterwards, what else may be told (`one`: nothing; `gone`: objects that went
-- along; `table`: objects of the same relation; `any`: anything), and the statements. A statement that PostgreSQL refuses is
-- no mutation, so the conditions here only keep out what is pointless.
with ns as (
    select oid, quote_ident(nspname) as q
    from pg_namespace
    where nspname !~ '^pg_' and nspname not in ('information_schema', 'pgphase')
),
member as (select classid, objid from pg_depend where deptype = 'e'),
rel as (
    select c.*, ns.q || '.' || quote_ident(c.relname) as q,
        case c.relkind when 'v' then 'view ' when 'm' then 'materialized view ' when 'S' then 'sequence '
            when 'i' then 'index ' when 'I' then 'index ' else 'table ' end as word,
        case c.relkind when 'v' then 'view ' when 'm' then 'materialized view ' when 'S' then 'sequence '
            when 'i' then 'index ' when 'I' then 'index ' when 'f' then 'foreign table ' else 'table ' end as kind
    from pg_class c join ns on ns.oid = c.relnamespace
    where c.relpersistence <> 't' and c.relkind in ('r', 'p', 'f', 'v', 'm', 'S', 'i', 'I')
        and ('pg_class'::regclass, c.oid) not in (table member)
),
tab as (select * from rel where relkind in ('r', 'p', 'f')),
col as (
    select a.*, quote_ident(a.attname) as n, r.q, r.relkind, r.word, r.kind, r.q || '.' || quote_ident(a.attname) as qn,
        r.q || ' alter ' || quote_ident(a.attname) || ' ' as alter,
        t.typcategory, format_type(a.atttypid, a.atttypmod) as type, pg_get_expr(d.adbin, d.adrelid) as expr
    from pg_attribute a
    join rel r on r.oid = a.attrelid
    join pg_type t on t.oid = a.atttypid
    left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where a.attnum > 0 and not a.attisdropped and r.relkind in ('r', 'p', 'f', 'v', 'm')
),
own as (select * from col where relkind in ('r', 'p', 'f') and attinhcount = 0),
con as (
    select k.*, r.q, r.relkind, quote_ident(k.conname) as n, 'constraint ' || r.q || '.' || quote_ident(k.conname) as id,
        pg_get_constraintdef(k.oid) as def
    from pg_constraint k join tab r on r.oid = k.conrelid
    where k.conparentid = 0 and k.coninhcount = 0 and k.contype in ('c', 'f', 'p', 'u', 'x')
),
keyed as (select conindid from pg_constraint where contype in ('p', 'u', 'x')),
ind as (
    select i.*, r.q, quote_ident(r.relname) as n, t.q as tq, pg_get_indexdef(i.indexrelid) as def, r.reloptions,
        (select quote_ident(a.attname) from pg_attribute a where a.attrelid = i.indrelid and a.attnum = i.indkey[0]) as first
    from pg_index i join rel r on r.oid = i.indexrelid join rel t on t.oid = i.indrelid
    where i.indexrelid not in (table keyed)
        and not exists (select from pg_inherits h where h.inhrelid = i.indexrelid)
),
seq as (
    select s.*, r.q, r.oid, exists (select from pg_depend d where d.objid = r.oid and d.deptype = 'i') as identity
    from pg_sequence s join rel r on r.oid = s.seqrelid
),
fun as (
    select p.*, ns.q || '.' || quote_ident(p.proname) as q,
        case p.prokind when 'p' then 'procedure' when 'a' then 'aggregate' else 'function' end as kind,
        format('%s.%I(%s)', ns.q, p.proname, pg_get_function_identity_arguments(p.oid)) as sig,
        format('%s.%I(%s)', ns.q, p.proname,
            (select coalesce(string_agg(format_type(x.t, null), ', ' order by x.o), '')
             from unnest(p.proargtypes) with ordinality x(t, o))) as idsig
    from pg_proc p join ns on ns.oid = p.pronamespace
    where ('pg_proc'::regclass, p.oid) not in (table member)
        and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'i')
),
trg as (
    select g.*, r.q, quote_ident(g.tgname) as n, 'trigger ' || r.q || '.' || quote_ident(g.tgname) as id,
        pg_get_triggerdef(g.oid) as def
    from pg_trigger g join rel r on r.oid = g.tgrelid
    where not g.tgisinternal and g.tgparentid = 0
),
rul as (
    select w.*, r.q, quote_ident(w.rulename) as n, 'rule ' || r.q || '.' || quote_ident(w.rulename) as id
    from pg_rewrite w join rel r on r.oid = w.ev_class
    where w.rulename <> '_RETURN'
),
pol as (
    select p.*, r.q, quote_ident(p.polname) as n, 'policy ' || r.q || '.' || quote_ident(p.polname) as id
    from pg_policy p join rel r on r.oid = p.polrelid
),
typ as (
    select t.*, ns.q || '.' || quote_ident(t.typname) as q,
        case t.typtype when 'e' then 'enum ' when 'd' then 'domain ' when 'r' then 'range type ' else 'composite type ' end as word,
        case t.typtype when 'd' then 'domain ' else 'type ' end as kind
    from pg_type t join ns on ns.oid = t.typnamespace
    left join pg_class c on c.oid = t.typrelid
    where (t.typtype in ('e', 'd', 'r') or t.typtype = 'c' and c.relkind = 'c')
        and ('pg_type'::regclass, t.oid) not in (table member)
),
domcon as (
    select k.*, t.q, quote_ident(k.conname) as n, 'domain constraint ' || t.q || '.' || quote_ident(k.conname) as id,
        pg_get_constraintdef(k.oid) as def
    from pg_constraint k join typ t on t.oid = k.contypid
    where k.contype = 'c'
),
att as (
    select a.*, t.q, t.word || t.q as id, quote_ident(a.attname) as n
    from pg_attribute a join typ t on t.typrelid = a.attrelid
    where t.typtype = 'c' and a.attnum > 0 and not a.attisdropped
),
sta as (
    select s.*, ns.q || '.' || quote_ident(s.stxname) as q
    from pg_statistic_ext s join ns on ns.oid = s.stxnamespace
),
-- Whatever can have a comment or an owner: its id, and how it is named in COMMENT ON and in ALTER.
thing as (
    select word || q as id, kind || q as sql, 'pg_class'::regclass as class, oid, 0 as sub,
        relkind in ('r', 'p', 'f', 'v', 'm', 'S') as owned
    from rel where relkind <> 'S' or not exists (select from pg_depend d where d.objid = rel.oid and d.deptype = 'i')
    union all select 'column ' || qn, 'column ' || qn, 'pg_class'::regclass, attrelid, attnum, false from col
    union all select id, format('constraint %s on %s', n, q), 'pg_constraint'::regclass, oid, 0, false from con
    union all select id, format('constraint %s on domain %s', n, q), 'pg_constraint'::regclass, oid, 0, false from domcon
    union all select id, format('trigger %s on %s', n, q), 'pg_trigger'::regclass, oid, 0, false from trg
    union all select id, format('rule %s on %s', n, q), 'pg_rewrite'::regclass, oid, 0, false from rul
    union all select id, format('policy %s on %s', n, q), 'pg_policy'::regclass, oid, 0, false from pol
    union all select word || q, kind || q, 'pg_type'::regclass, oid, 0, true from typ
    union all select 'column ' || q || '.' || n, 'column ' || q || '.' || n, 'pg_class'::regclass, attrelid, attnum, false from att
    union all select kind || ' ' || idsig, kind || ' ' || sig, 'pg_proc'::regclass, oid, 0, true from fun where kind <> 'aggregate'
    union all select 'namespace ' || q, 'schema ' || q, 'pg_namespace'::regclass, oid, 0, true from ns where q <> 'public'
    union all select 'statistics ' || q, 'statistics ' || q, 'pg_statistic_ext'::regclass, oid, 0, true from sta
    union all select 'publication ' || quote_ident(pubname), 'publication ' || quote_ident(pubname), 'pg_publication'::regclass,
        oid, 0, true from pg_publication
    union all select 'event trigger ' || quote_ident(evtname), 'event trigger ' || quote_ident(evtname),
        'pg_event_trigger'::regclass, oid, 0, true from pg_event_trigger
    union all select 'server ' || quote_ident(srvname), 'server ' || quote_ident(srvname), 'pg_foreign_server'::regclass,
        oid, 0, true from pg_foreign_server
    union all select 'foreign data wrapper ' || quote_ident(fdwname), 'foreign data wrapper ' || quote_ident(fdwname),
        'pg_foreign_data_wrapper'::regclass, oid, 0, true from pg_foreign_data_wrapper where oid not in (select objid from member)
    union all select 'collation ' || ns.q || '.' || quote_ident(collname), 'collation ' || ns.q || '.' || quote_ident(collname),
        'pg_collation'::regclass, c.oid, 0, true from pg_collation c join ns on ns.oid = c.collnamespace
    union all select 'text search configuration ' || ns.q || '.' || quote_ident(cfgname),
        'text search configuration ' || ns.q || '.' || quote_ident(cfgname), 'pg_ts_config'::regclass, c.oid, 0, true
        from pg_ts_config c join ns on ns.oid = c.cfgnamespace
    union all select 'text search dictionary ' || ns.q || '.' || quote_ident(dictname),
        'text search dictionary ' || ns.q || '.' || quote_ident(dictname), 'pg_ts_dict'::regclass, c.oid, 0, true
        from pg_ts_dict c join ns on ns.oid = c.dictnamespace where c.oid not in (select objid from member)
    union all select format('operator %s.%s(%s)', ns.q, oprname, case oprleft when 0 then 'NONE' else oprleft::regtype::text end || ', ' || oprright::regtype),
        format('operator %s.%s (%s, %s)', ns.q, oprname, case oprleft when 0 then 'NONE' else oprleft::regtype::text end, oprright::regtype),
        'pg_operator'::regclass, o.oid, 0, true
        from pg_operator o join ns on ns.oid = o.oprnamespace where o.oid not in (select objid from member)
)

-- Comments and owners of everything
select 'comment' as mutation, 'comment on ' || id as id, 'one' as also, format('comment on %s is %L', sql, 'mutated') as sql from thing
union all select 'comment.gone', 'comment on ' || id, 'one', format('comment on %s is null', sql) from thing
    where exists (select from pg_description d where d.classoid = class and d.objoid = oid and d.objsubid = sub)
union all select 'owner', 'owner on ' || id, 'owned', format('alter %s owner to mutant', sql) from thing where owned

-- Privileges, where the files speak of some
union all select 'grant', 'privileges on ' || word || q, 'one', format('grant %s on %s to mutant', case relkind when 'S' then 'usage' else 'insert' end, q)
    from rel where relacl is not null and relkind in ('r', 'p', 'f', 'v', 'm')
union all select 'grant.option', 'privileges on ' || word || q, 'one', format('grant select on %s to pg_monitor with grant option', q)
    from rel where relacl is not null and relkind in ('r', 'p', 'f', 'v', 'm')
union all select 'grant.gone', 'privileges on ' || r.word || r.q, 'one', format('revoke %s on %s from %s', x.privilege_type, r.q, coalesce(quote_ident(g.rolname), 'public'))
    from rel r, aclexplode(r.relacl) x left join pg_roles g on g.oid = x.grantee where r.relkind in ('r', 'p', 'f', 'v', 'm') and x.grantee <> r.relowner
union all select 'grant.owner', 'privileges on ' || r.word || r.q, 'one', format('revoke references on %s from %I', r.q, pg_get_userbyid(r.relowner))
    from rel r where r.relacl is not null and r.relkind in ('r', 'p', 'f', 'v', 'm')
union all select 'grant.sequence', 'privileges on sequence ' || q, 'one', format('grant usage on sequence %s to mutant', q) from rel where relkind = 'S' and relacl is not null
union all select 'grant.column', 'privileges on column ' || qn, 'one', format('grant references (%s) on %s to mutant', n, q) from col where attacl is not null
union all select 'grant.routine', format('privileges on %s %s', kind, idsig), 'one', format('grant execute on %s %s to mutant', kind, sig) from fun where proacl is not null and kind <> 'aggregate'
union all select 'grant.type', 'privileges on ' || word || q, 'one', format('grant usage on type %s to mutant', q) from typ where typacl is not null
union all select 'grant.namespace', 'privileges on namespace ' || ns.q, 'one', format('grant create on schema %s to mutant', ns.q) from ns join pg_namespace p on p.oid = ns.oid
    where p.nspacl is not null and ns.q <> 'public'
union all select 'default privileges', '', 'any', format('alter default privileges in schema %s grant update on tables to mutant', q) from ns
    where exists (select from pg_default_acl)

-- Columns
union all select 'column.default', 'column ' || qn, 'one', format('alter table %s set default %s', alter,
        case typcategory when 'N' then '47' when 'S' then '''mutated''' when 'B' then 'true' when 'D' then 'now()' else 'null' end)
    from own where attgenerated = '' and attidentity = '' and typcategory in ('N', 'S', 'B', 'D')
union all select 'column.default.inherited', 'column ' || qn, 'one', format('alter table %s set default 47', alter)
    from col where relkind in ('r', 'p') and attinhcount > 0 and attgenerated = '' and typcategory = 'N'
union all select 'column.default.gone', 'column ' || qn, 'one', format('alter table %s drop default', alter) from own where expr is not null and attgenerated = ''
union all select 'column.not_null', 'column ' || qn, 'one', format('alter table %s set not null', alter) from own where not attnotnull
union all select 'column.null', 'column ' || qn, 'notnull', format('alter table %s drop not null', alter) from own where attnotnull
union all select 'column.type', 'column ' || qn, 'table', format('alter %s %s type %s', kind, alter,
        case when type like 'character varying%' then 'varchar(77)' when type = 'text' then 'varchar(77)' when type = 'integer' then 'bigint'
            when type = 'bigint' then 'numeric' when type like 'numeric%' then 'numeric(33, 7)' when type like 'timestamp with time zone%' then 'timestamptz(3)'
            when type like 'timestamp%' then 'timestamp(3)' when type = 'smallint' then 'int' when type = 'jsonb' then 'json' when type = 'boolean' then 'text' else 'text' end)
    from own where type !~ '\[\]$'
union all select 'column.array', 'column ' || qn, 'table', format('alter table %s type %s[] using null', alter, type) from own where type in ('text', 'integer', 'uuid') and expr is null
union all select 'column.collation', 'column ' || qn, 'table', format('alter %s %s type %s collate "C"', kind, alter, type) from own where attcollation = 100
union all select 'column.storage', 'column ' || qn, 'one', format('alter table %s set storage %s', alter, case attstorage when 'x' then 'external' when 'e' then 'main' else 'extended' end)
    from own where attstorage <> 'p'
union all select 'column.compression', 'column ' || qn, 'one', format('alter table %s set compression pglz', alter) from own where attstorage <> 'p' and attcompression = ''
union all select 'column.statistics', 'column ' || qn, 'one', format('alter table %s set statistics 44', alter) from own
union all select 'column.statistics.inherited', 'column ' || qn, 'one', format('alter table %s set statistics 44', alter) from col where relkind = 'r' and attinhcount > 0
union all select 'column.statistics.materialized', 'materialized view ' || q, 'one', format('alter materialized view %s set statistics 44', alter) from col where relkind = 'm'
union all select 'column.storage.materialized', 'materialized view ' || q, 'one', format('alter materialized view %s set storage external', alter) from col where relkind = 'm' and attstorage = 'x'
union all select 'column.options', 'column ' || qn, 'one', format('alter table %s set (n_distinct = 12)', alter) from own
union all select 'column.identity', 'column ' || qn, 'one', format('alter table %s set generated %s', alter, case attidentity when 'a' then 'by default' else 'always' end) from own where attidentity <> ''
union all select 'column.identity.options', 'column ' || qn, 'one', format('alter table %s set increment 47', alter) from own where attidentity <> ''
union all select 'column.identity.gone', 'column ' || qn, 'gone', format('alter table %s drop identity', alter) from own where attidentity <> ''
union all select 'column.identity.new', 'column ' || qn, 'one', format('alter table %s add generated by default as identity', alter)
    from own where attidentity = '' and attgenerated = '' and expr is null and attnotnull and type in ('integer', 'bigint', 'smallint')
union all select 'column.generated.gone', 'column ' || qn, 'one', format('alter table %s drop expression', alter) from own where attgenerated = 's'
union all select 'column.drop', 'column ' || qn, 'gone', format('alter table %s drop %s cascade', q, n) from own
union all select 'column.add', 'column ' || q || '.mutated', 'one', format('alter table %s add mutated int', q) from tab where not relispartition
union all select 'column.rename', 'column ' || q || '.mutated', 'any', format('alter table %s rename %s to mutated', q, n) from own
union all select 'column.foreign', 'column ' || qn, 'one', format('alter foreign table %s options (add column_name %L)', alter, 'mutated') from own where relkind = 'f'
union all select 'column.view default', 'view ' || q, 'one', format('alter view %s set default %s', alter, case typcategory when 'N' then '47' else '''mutated''' end)
    from col where relkind = 'v' and typcategory in ('N', 'S')

-- Tables
union all select 'table.options', 'table ' || q, 'one', format('alter table %s set (fillfactor = 55)', q) from tab where relkind = 'r'
union all select 'table.options.gone', 'table ' || q, 'one', format('alter table %s reset (fillfactor)', q) from tab where reloptions::text like '%fillfactor%'
union all select 'table.options.toast', 'table ' || q, 'one', format('alter table %s set (toast.autovacuum_enabled = off, autovacuum_vacuum_threshold = 47)', q) from tab where relkind = 'r' and reltoastrelid <> 0
union all select 'table.persistence', 'table ' || q, 'any', format('alter table %s set %s', q, case relpersistence when 'u' then 'logged' else 'unlogged' end) from tab where relkind = 'r'
union all select 'table.replica', 'table ' || q, 'one', format('alter table %s replica identity %s', q, case relreplident when 'f' then 'nothing' else 'full' end) from tab where relkind in ('r', 'p')
union all select 'table.replica.index', 'table ' || i.tq, 'one', format('alter table %s replica identity using index %s', i.tq, i.n) from ind i where i.indisunique
union all select 'table.replica.key', 'table ' || q, 'one', format('alter table %s replica identity using index %s', q, n) from con where contype = 'p'
union all select 'table.row_security', 'table ' || q, 'one', format('alter table %s %s row level security', q, case when relrowsecurity then 'disable' else 'enable' end) from tab where relkind in ('r', 'p')
union all select 'table.force_row_security', 'table ' || q, 'one', format('alter table %s %s row level security', q, case when relforcerowsecurity then 'no force' else 'force' end) from tab where relkind in ('r', 'p')
union all select 'table.drop', 'table ' || q, 'gone', format('drop %s %s cascade', kind, q) from tab
union all select 'table.new', 'table ' || q || '_mutated', 'any', format('create table %s_mutated (like %1$s including all)', q) from tab where relkind = 'r' and q !~ '"$'
union all select 'table.rename', 'table ' || q || '_mutated', 'any', format('alter table %s rename to %I', q, relname || '_mutated') from tab where q !~ '"$'
union all select 'table.namespace', 'table public.' || quote_ident(relname), 'any', format('alter table %s set schema public', q) from tab where q !~ '^public\.'
union all select 'table.detach', 'table ' || r.q, 'any', format('alter table %s detach partition %s', p.q, r.q) from tab r join pg_inherits h on h.inhrelid = r.oid join tab p on p.oid = h.inhparent where r.relispartition
union all select 'table.disinherit', 'table ' || r.q, 'any', format('alter table %s no inherit %s', r.q, p.q) from tab r join pg_inherits h on h.inhrelid = r.oid join tab p on p.oid = h.inhparent where not r.relispartition
union all select 'table.not of', 'table ' || q, 'any', format('alter table %s not of', q) from tab where reloftype <> 0
union all select 'table.foreign', 'table ' || q, 'one', format('alter foreign table %s options (add table_name %L)', q, 'mutated') from tab where relkind = 'f'
union all select 'table.cluster', 'index ' || i.q, 'table', format('alter table %s cluster on %s', i.tq, i.n) from ind i where not i.indisclustered and i.indislive
union all select 'table.cluster.key', 'constraint ' || q || '.' || n, 'table', format('alter table %s cluster on %s', q, n) from con where contype in ('p', 'u')
union all select 'table.cluster.gone', 'index ' || i.q, 'one', format('alter table %s set without cluster', i.tq) from ind i where i.indisclustered

-- Constraints
union all select 'constraint.drop', id, 'gone', format('alter table %s drop constraint %s cascade', q, n) from con
union all select 'constraint.rename', format('constraint %s.mutated', q), 'table', format('alter table %s rename constraint %s to mutated', q, n) from con
union all select 'constraint.not_valid', id, 'gone', format('alter table %s drop constraint %s, add constraint %2$s %s not valid', q, n, def) from con where contype in ('c', 'f') and convalidated
union all select 'constraint.check', id, 'gone', format('alter table %s drop constraint %s, add constraint %2$s check ((%s) is not false)', q, n, pg_get_expr(conbin, conrelid)) from con where contype = 'c'
union all select 'constraint.check.no_inherit', id, 'gone', format('alter table %s drop constraint %s, add constraint %2$s %s no inherit', q, n, def) from con where contype = 'c' and not connoinherit
union all select 'constraint.check.new', format('constraint %s.mutated', q), 'one', format('alter table %s add constraint mutated check (%s is not null)', q, n) from own where attnum = 2
union all select 'constraint.action', id, 'gone', format('alter table %s drop constraint %s, add constraint %2$s %s', q, n,
        case when def ~ ' ON DELETE ' then regexp_replace(def, ' ON DELETE (CASCADE|RESTRICT|SET NULL|SET DEFAULT)(\s*\([^)]*\))?', '') else regexp_replace(def, '( DEFERRABLE.*| NOT VALID)?$', ' ON DELETE CASCADE\1') end)
    from con where contype = 'f'
union all select 'constraint.action.update', id, 'gone', format('alter table %s drop constraint %s, add constraint %2$s %s', q, n,
        case when def ~ ' ON UPDATE ' then regexp_replace(def, ' ON UPDATE (CASCADE|RESTRICT|SET NULL|SET DEFAULT)', '') else regexp_replace(def, '( DEFERRABLE.*| NOT VALID)?$', ' ON UPDATE CASCADE\1') end)
    from con where contype = 'f' and def !~ ' ON DELETE '
union all select 'constraint.match', id, 'gone', format('alter table %s drop constraint %s, add constraint %2$s %s', q, n,
        regexp_replace(def, '(REFERENCES [^(]*\([^)]*\))', '\1 MATCH FULL')) from con where contype = 'f' and def !~ 'MATCH FULL'
union all select 'constraint.deferrable', id, 'one', format('alter table %s alter constraint %s %s', q, n, case when condeferrable then 'not deferrable' else 'deferrable' end) from con where contype = 'f'
union all select 'constraint.deferred', id, 'one', format('alter table %s alter constraint %s deferrable initially deferred', q, n) from con where contype = 'f' and not condeferred
union all select 'constraint.key.deferrable', id, 'gone', format('alter table %s drop constraint %s cascade, add constraint %2$s %s deferrable', q, n, def) from con where contype in ('p', 'u') and not condeferrable
union all select 'constraint.key.include', id, 'gone', format('alter table %s drop constraint %s cascade, add constraint %2$s %s', q, n, regexp_replace(def, '\)$', ', ' || (
        select quote_ident(a.attname) from pg_attribute a where a.attrelid = conrelid and a.attnum > 0 and not a.attisdropped and a.attnum <> all (conkey) limit 1) || ')'))
    from con where contype = 'u' and def ~ '\)$' and def !~ 'INCLUDE|WITH'
union all select 'constraint.key.options', id, 'one', format('alter index %s set (fillfactor = 66)', (select q from rel where rel.oid = con.conindid)) from con where contype in ('p', 'u') and relkind = 'r'

-- Indexes
union all select 'index.drop', 'index ' || q, 'gone', format('drop index %s cascade', q) from ind
union all select 'index.rename', 'index ' || regexp_replace(q, '\.[^.]*$', '.mutated'), 'table', format('alter index %s rename to mutated', q) from ind where n !~ '\.'
union all select 'index.options', 'index ' || q, 'one', format('alter index %s set (fillfactor = 66)', q) from ind where def ~ ' USING (btree|hash|gist|spgist) '
union all select 'index.statistics', 'index ' || q, 'one', format('alter index %s alter %s set statistics 44', q, o) from ind, generate_series(1, indnkeyatts) o where indkey[o - 1] = 0
union all select 'index.unique', 'index ' || q, 'gone', format('drop index %s; %s', q, case when indisunique then replace(def, 'CREATE UNIQUE', 'CREATE') else replace(def, 'CREATE INDEX', 'CREATE UNIQUE INDEX') end) from ind where def like '%USING btree%'
union all select 'index.predicate', 'index ' || q, 'gone', format('drop index %s; %s', q, case when indpred is null then def || format(' where %s is not null', coalesce(first, '1')) else def || ' is null' end) from ind
union all select 'index.predicate.gone', 'index ' || q, 'gone', format('drop index %s; %s', q, left(def, -length(substring(def from ' WHERE .*$')))) from ind where indpred is not null
union all select 'index.descending', 'index ' || q, 'gone', format('drop index %s; %s', q, regexp_replace(def, '\)( WHERE| WITH|$)', ' DESC)\1')) from ind where def like '%USING btree%' and def !~ 'INCLUDE|DESC'
union all select 'index.method', 'index ' || q, 'gone', format('drop index %s; %s', q, replace(def, 'USING btree', 'USING hash')) from ind where not indisunique
union all select 'index.include', 'index ' || q, 'gone', format('drop index %s; %s', q, regexp_replace(def, '\)( WHERE| WITH|$)', ') INCLUDE (' || (
        select quote_ident(a.attname) from pg_attribute a where a.attrelid = indrelid and a.attnum > 0 and not a.attisdropped and a.attnum <> all (indkey) limit 1) || ')\1')) from ind where def like '%USING btree%' and def !~ 'INCLUDE'
union all select 'index.class', 'index ' || q, 'gone', format('drop index %s; %s', q, regexp_replace(def, '\)( WHERE| WITH|$)', ' text_pattern_ops)\1')) from ind where def like '%USING btree%' and def !~ '_ops|INCLUDE|DESC|COLLATE'
union all select 'index.new', format('index %s_mutated', q), 'table', format('create index %I on %s (%s)', relname || '_mutated', tab.q, (select quote_ident(attname) from pg_attribute where attrelid = tab.oid and attnum = 1)) from tab where relkind in ('r', 'p') and q !~ '"$' and q ~ '^public'

-- Sequences
union all select 'sequence.increment', 'sequence ' || q, 'one', format('alter sequence %s increment %s', q, seqincrement * 3) from seq where not identity
union all select 'sequence.bounds', 'sequence ' || q, 'one', format('alter sequence %s minvalue -4700', q) from seq where not identity
union all select 'sequence.maximum', 'sequence ' || q, 'one', format('alter sequence %s maxvalue 4700', q) from seq where not identity
union all select 'sequence.start', 'sequence ' || q, 'one', format('alter sequence %s start %s', q, seqstart + 1) from seq where not identity
union all select 'sequence.cache', 'sequence ' || q, 'one', format('alter sequence %s cache %s', q, seqcache + 7) from seq where not identity
union all select 'sequence.cycle', 'sequence ' || q, 'one', format('alter sequence %s %s', q, case when seqcycle then 'no cycle' else 'cycle' end) from seq where not identity
union all select 'sequence.type', 'sequence ' || q, 'one', format('alter sequence %s as %s', q, case when seqtypid = 'int'::regtype then 'smallint' else 'int' end) from seq where not identity
union all select 'sequence.owned', 'sequence ' || q, 'one', format('alter sequence %s owned by none', q) from seq where not identity
union all select 'sequence.drop', 'sequence ' || q, 'lost', format('drop sequence %s cascade', q) from seq where not identity
union all select 'sequence.persistence', 'sequence ' || q, 'one', format('alter sequence %s set unlogged', q) from seq where not identity

-- Views
union all select 'view.options', 'view ' || q, 'one', format('alter view %s set (security_barrier = %s)', q, case when reloptions::text like '%barrier=true%' then 'false' else 'true' end) from rel where relkind = 'v'
union all select 'view.invoker', 'view ' || q, 'one', format('alter view %s set (security_invoker = true)', q) from rel where relkind = 'v'
union all select 'view.check', 'view ' || q, 'one', format('alter view %s set (check_option = local)', q) from rel where relkind = 'v'
union all select 'view.body', 'view ' || q, 'one', format('create or replace view %s as select * from (%s) mutated where true', q, rtrim(pg_get_viewdef(oid), ';')) from rel where relkind = 'v'
union all select 'view.column', 'view ' || q, 'dependants', format('alter view %s rename %s to mutated', q, n) from col where relkind = 'v'
union all select 'view.column.new', 'view ' || q, 'one', format('create or replace view %s as select *, 47 as mutated from (%s) mutated', q, rtrim(pg_get_viewdef(oid), ';')) from rel where relkind = 'v'
union all select 'view.drop', 'view ' || q, 'gone', format('drop view %s cascade', q) from rel where relkind = 'v'
union all select 'materialized.options', 'materialized view ' || q, 'one', format('alter materialized view %s set (fillfactor = 55)', q) from rel where relkind = 'm'
union all select 'materialized.drop', 'materialized view ' || q, 'gone', format('drop materialized view %s cascade', q) from rel where relkind = 'm'
union all select 'materialized.body', 'materialized view ' || q, 'gone', format('drop materialized view %s cascade; create materialized view %1$s as select * from (%s) mutated where true with no data', q, rtrim(pg_get_viewdef(oid), ';')) from rel where relkind = 'm'

-- Routines
union all select 'routine.' || a.name, format('%s %s', kind, idsig), 'one', format('alter %s %s %s', kind, sig, a.sql) from fun, lateral (values
        ('volatility', case provolatile when 'i' then 'stable' else 'immutable' end),
        ('strict', case when proisstrict then 'called on null input' else 'strict' end),
        ('definer', 'security ' || case when prosecdef then 'invoker' else 'definer' end),
        ('leakproof', case when proleakproof then 'not leakproof' else 'leakproof' end),
        ('parallel', 'parallel ' || case proparallel when 'r' then 'safe' else 'restricted' end),
        ('cost', 'cost 47'), ('rows', 'rows 47'), ('set', 'set work_mem = ''47MB'''), ('reset', 'reset all'),
        ('path', 'set search_path = pg_temp, public')) a(name, sql)
    where kind <> 'aggregate' and (kind = 'function' or a.name in ('definer', 'set', 'path', 'reset')) and (a.name <> 'reset' or proconfig is not null)
union all select 'routine.drop', format('%s %s', kind, idsig), 'lost', format('drop %s %s cascade', kind, sig) from fun where kind <> 'aggregate'
union all select 'routine.body', format('%s %s', kind, idsig), 'one', regexp_replace(pg_get_functiondef(oid), '(AS \$(function|procedure)\$)', '\1 /* mutated */ ')
    from fun where kind <> 'aggregate' and prosqlbody is null
union all select 'routine.body.blank', format('%s %s', kind, idsig), 'one', regexp_replace(pg_get_functiondef(oid), '(AS \$(function|procedure)\$)', '\1 ')
    from fun where kind <> 'aggregate' and prosqlbody is null
union all select 'routine.new', '', 'any', format('create function %s.mutated(int) returns int language sql as ''select 47''', q) from ns
union all select 'aggregate.drop', 'aggregate ' || q, 'prefix', format('drop aggregate %s(%s) cascade', q, pg_get_function_identity_arguments(oid)) from fun where kind = 'aggregate'
union all select 'aggregate.parallel', 'aggregate ' || f.q, 'prefix', format('create or replace aggregate %s(%s) (sfunc = %s, stype = %s, parallel = restricted %s)', f.q, pg_get_function_identity_arguments(f.oid),
        a.aggtransfn::regproc, format_type(a.aggtranstype, null), ', initcond = ' || quote_literal(a.agginitval)) from fun f join pg_aggregate a on a.aggfnoid = f.oid where f.pronargs > 0 and a.aggkind = 'n'

-- Triggers, rules, policies, event triggers
union all select 'trigger.enabled', id, 'one', format('alter table %s %s trigger %s', q, case tgenabled when 'O' then 'disable' else 'enable' end, n) from trg
union all select 'trigger.always', id, 'one', format('alter table %s enable always trigger %s', q, n) from trg where tgenabled <> 'A'
union all select 'trigger.replica', id, 'one', format('alter table %s enable replica trigger %s', q, n) from trg where tgenabled <> 'R'
union all select 'trigger.drop', id, 'gone', format('drop trigger %s on %s', n, q) from trg
union all select 'trigger.rename', format('trigger %s.mutated', q), 'table', format('alter trigger %s on %s rename to mutated', n, q) from trg
union all select 'trigger.when', id, 'one', replace(replace(def, 'CREATE TRIGGER', 'CREATE OR REPLACE TRIGGER'), 'EXECUTE FUNCTION', 'WHEN (pg_trigger_depth() < 3) EXECUTE FUNCTION') from trg where tgqual is null and tgconstraint = 0
union all select 'trigger.arguments', id, 'one', regexp_replace(replace(def, 'CREATE TRIGGER', 'CREATE OR REPLACE TRIGGER'), '\)$', case when tgnargs > 0 then ', ''mutated'')' else '''mutated'')' end) from trg where tgconstraint = 0
union all select 'trigger.timing', id, 'one', case when def like '% BEFORE %' then replace(replace(def, 'CREATE TRIGGER', 'CREATE OR REPLACE TRIGGER'), ' BEFORE ', ' AFTER ') else replace(replace(def, 'CREATE TRIGGER', 'CREATE OR REPLACE TRIGGER'), ' AFTER ', ' BEFORE ') end from trg where tgconstraint = 0
union all select 'trigger.events', id, 'one', regexp_replace(replace(def, 'CREATE TRIGGER', 'CREATE OR REPLACE TRIGGER'), ' (BEFORE|AFTER) ', ' \1 TRUNCATE OR ') from trg where tgconstraint = 0 and def like '%FOR EACH STATEMENT%'
union all select 'rule.enabled', id, 'one', format('alter table %s %s rule %s', q, case ev_enabled when 'O' then 'disable' else 'enable' end, n) from rul
union all select 'rule.drop', id, 'gone', format('drop rule %s on %s', n, q) from rul
union all select 'rule.body', id, 'one', format('create or replace rule %s as on %s to %s do also nothing', n, case ev_type when '2' then 'update' when '3' then 'insert' else 'delete' end, q) from rul
union all select 'policy.using', id, 'one', format('alter policy %s on %s using (1 > 2)', n, q) from pol
union all select 'policy.check', id, 'one', format('alter policy %s on %s with check (1 > 2)', n, q) from pol
union all select 'policy.roles', id, 'one', format('alter policy %s on %s to mutant', n, q) from pol
union all select 'policy.drop', id, 'gone', format('drop policy %s on %s', n, q) from pol
union all select 'policy.rename', format('policy %s.mutated', q), 'table', format('alter policy %s on %s rename to mutated', n, q) from pol
union all select 'policy.permissive', id, 'gone', format('drop policy %s on %s; create policy %1$s on %2$s as %s for %s %s', n, q, case when polpermissive then 'restrictive' else 'permissive' end,
        case polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end, 'using (' || pg_get_expr(polqual, polrelid) || ')') from pol
union all select 'policy.command', id, 'gone', format('drop policy %s on %s; create policy %1$s on %2$s for update %s', n, q, 'using (' || pg_get_expr(polqual, polrelid) || ')') from pol where polcmd <> 'w'
union all select 'policy.new', format('policy %s.mutated', q), 'one', format('create policy mutated on %s using (true)', q) from tab where relkind = 'r'
union all select 'event_trigger.enabled', 'event trigger ' || quote_ident(evtname), 'one', format('alter event trigger %I %s', evtname, case evtenabled when 'O' then 'disable' else 'enable always' end) from pg_event_trigger
union all select 'event_trigger.drop', 'event trigger ' || quote_ident(evtname), 'gone', format('drop event trigger %I', evtname) from pg_event_trigger

-- Types
union all select 'enum.value', 'enum ' || q, 'one', format('alter type %s add value %L', q, 'mutated') from typ where typtype = 'e'
union all select 'enum.value.first', 'enum ' || q, 'one', format('alter type %s add value %L before %L', q, 'mutated', (select enumlabel from pg_enum where enumtypid = typ.oid order by enumsortorder limit 1)) from typ where typtype = 'e'
union all select 'enum.label', 'enum ' || q, 'any', format('alter type %s rename value %L to %L', q, (select enumlabel from pg_enum where enumtypid = typ.oid order by enumsortorder limit 1), 'mutated') from typ where typtype = 'e'
union all select 'type.drop', word || q, 'lost', format('drop type %s cascade', q) from typ
union all select 'type.rename', word || q || '_mutated', 'any', format('alter type %s rename to %I', q, typname || '_mutated') from typ where q !~ '"$'
union all select 'composite.add', word || q, 'dependants', format('alter type %s add attribute mutated int cascade', q) from typ where typtype = 'c'
union all select 'composite.drop', id, 'dependants', format('alter type %s drop attribute %s cascade', q, n) from att
union all select 'composite.type', id, 'dependants', format('alter type %s alter attribute %s type varchar(47) cascade', q, n) from att
union all select 'composite.rename', id, 'dependants', format('alter type %s rename attribute %s to mutated cascade', q, n) from att
union all select 'domain.default', 'domain ' || q, 'one', format('alter domain %s set default %L', q, '47') from typ where typtype = 'd'
union all select 'domain.default.gone', 'domain ' || q, 'one', format('alter domain %s drop default', q) from typ where typtype = 'd' and typdefault is not null
union all select 'domain.not_null', 'domain ' || q, 'one', format('alter domain %s %s not null', q, case when typnotnull then 'drop' else 'set' end) from typ where typtype = 'd'
union all select 'domain.check', format('domain constraint %s.mutated', q), 'one', format('alter domain %s add constraint mutated check (value is not null)', q) from typ where typtype = 'd'
union all select 'domain.constraint.drop', id, 'gone', format('alter domain %s drop constraint %s', q, n) from domcon
union all select 'domain.constraint.rename', format('domain constraint %s.mutated', q), 'table', format('alter domain %s rename constraint %s to mutated', q, n) from domcon
union all select 'domain.constraint.not_valid', id, 'gone', format('alter domain %s drop constraint %s; alter domain %1$s add constraint %2$s %s not valid', q, n, def) from domcon
union all select 'domain.constraint.check', id, 'gone', format('alter domain %s drop constraint %s; alter domain %1$s add constraint %2$s check ((%s) is not false)', q, n, substring(def from '^CHECK \((.*)\)$')) from domcon

-- The rest
union all select 'statistics.target', 'statistics ' || q, 'one', format('alter statistics %s set statistics 44', q) from sta
union all select 'statistics.drop', 'statistics ' || q, 'gone', format('drop statistics %s', q) from sta
union all select 'statistics.kinds', 'statistics ' || q, 'gone', format('drop statistics %s; create statistics %1$s (dependencies) on %s from %s', q,
        (select string_agg(quote_ident(a.attname), ', ') from pg_attribute a where a.attrelid = s.stxrelid and a.attnum = any (s.stxkeys)), s.stxrelid::regclass) from sta s
union all select 'publication.' || a.name, 'publication ' || quote_ident(pubname), 'one', format('alter publication %I %s', pubname, a.sql) from pg_publication, lateral (values
        ('publish', 'set (publish = ''insert'')'), ('root', 'set (publish_via_partition_root = true)'),
        ('add', 'add table ' || (select q from tab where relkind = 'r' and oid not in (select prrelid from pg_publication_rel) limit 1)),
        ('drop', 'drop table ' || (select prrelid::regclass from pg_publication_rel where prpubid = pg_publication.oid limit 1)),
        ('filter', 'set table ' || (select prrelid::regclass || ' where (1 < 2)' from pg_publication_rel where prpubid = pg_publication.oid limit 1)),
        ('schema', 'add tables in schema public')) a(name, sql)
union all select 'publication.new', 'publication mutated', 'one', 'create publication mutated for all tables'
union all select 'server.' || a.name, 'server ' || quote_ident(srvname), 'one', format('alter server %I %s', srvname, a.sql) from pg_foreign_server, lateral (values
        ('version', 'version ''47'''), ('options', 'options (add host ''mutated'')')) a(name, sql)
union all select 'server.drop', 'server ' || quote_ident(srvname), 'lost', format('drop server %I cascade', srvname) from pg_foreign_server
union all select 'user_mapping.new', '', 'any', format('create user mapping for mutant server %I', srvname) from pg_foreign_server
union all select 'wrapper.options', 'foreign data wrapper ' || quote_ident(fdwname), 'one', format('alter foreign data wrapper %I options (add mutated ''47'')', fdwname) from pg_foreign_data_wrapper where oid not in (select objid from member)
union all select 'wrapper.handler', 'foreign data wrapper ' || quote_ident(fdwname), 'one', format('alter foreign data wrapper %I no validator no handler', fdwname) from pg_foreign_data_wrapper where (fdwhandler <> 0 or fdwvalidator <> 0) and oid not in (select objid from member)
union all select 'collation.drop', 'collation ' || ns.q || '.' || quote_ident(collname), 'lost', format('drop collation %s.%I cascade', ns.q, collname) from pg_collation c join ns on ns.oid = c.collnamespace
union all select 'configuration.mapping', format('text search configuration %s.%I', ns.q, cfgname), 'one', format('alter text search configuration %s.%I drop mapping for word', ns.q, cfgname) from pg_ts_config c join ns on ns.oid = c.cfgnamespace
union all select 'configuration.dictionary', format('text search configuration %s.%I', ns.q, cfgname), 'one', format('alter text search configuration %s.%I alter mapping for int with english_stem, simple', ns.q, cfgname) from pg_ts_config c join ns on ns.oid = c.cfgnamespace
union all select 'dictionary.options', format('text search dictionary %s.%I', ns.q, dictname), 'one', format('alter text search dictionary %s.%I (accept = false)', ns.q, dictname) from pg_ts_dict c join ns on ns.oid = c.dictnamespace where c.oid not in (select objid from member)
union all select 'cast.drop', format('cast (%s AS %s)', castsource::regtype, casttarget::regtype), 'one', format('drop cast (%s as %s)', castsource::regtype, casttarget::regtype) from pg_cast where oid >= 16384 and oid not in (select objid from member)
union all select 'cast.context', format('cast (%s AS %s)', castsource::regtype, casttarget::regtype), 'one', format('drop cast (%s as %s); create cast (%1$s as %2$s) with inout as assignment', castsource::regtype, casttarget::regtype) from pg_cast where oid >= 16384 and oid not in (select objid from member) and castcontext <> 'a'
union all select 'operator.' || a.name, t.id, 'one', format('alter %s %s', t.sql, a.sql) from thing t, (values ('restrict', 'set (restrict = contsel)'), ('join', 'set (join = contjoinsel)')) a(name, sql) where t.class = 'pg_operator'::regclass
union all select 'operator.drop', t.id, 'lost', format('drop %s cascade', t.sql) from thing t where t.class = 'pg_operator'::regclass
union all select 'extension.drop', 'extension ' || quote_ident(extname), 'lost', format('drop extension %I cascade', extname) from pg_extension where extname <> 'plpgsql'
union all select 'extension.namespace', 'extension ' || quote_ident(extname), 'any', format('create schema mutated; alter extension %I set schema mutated', extname) from pg_extension where extname <> 'plpgsql'
union all select 'namespace.new', 'namespace mutated', 'one', 'create schema mutated'
union all select 'namespace.drop', 'namespace ' || q, 'lost', format('drop schema %s cascade', q) from ns where q <> 'public'
