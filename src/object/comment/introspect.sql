-- Comments, each with the id of what it speaks about.
with described as (
    -- Extensions and their members bring their own comments; those of the extension itself are kept.
    select d.classoid, d.objoid, d.objsubid, d.description
    from pg_description d
    where (d.objoid >= 16384 or d.classoid = 'pg_namespace'::regclass)
        --? extension members
        and not exists (
        select from pg_depend e
        where e.classid = d.classoid and e.objid = d.objoid and e.deptype = 'e'
    )
        --.
),
managed as (
    select n.oid, n.nspname, quote_ident(n.nspname) as quoted
    from pg_namespace n
    where n.nspname = any (current_setting('pgphase.namespaces')::text[])
),
relation as not materialized (
    select c.oid, c.relkind, n.quoted || '.' || quote_ident(c.relname) as quoted
    from pg_class c
    join managed n on n.oid = c.relnamespace
    where c.relpersistence <> 't'
)
select json_build_object('on', s.id, 'text', s.text)
from (
    select 'namespace ' || n.quoted as id, d.description as text
    from described d
    join managed n on n.oid = d.objoid
    where d.classoid = 'pg_namespace'::regclass
        -- What every new database has.
        and not (n.nspname = 'public' and d.description = 'standard public schema')
    union all
    select 'extension ' || quote_ident(x.extname), d.description
    from described d
    join pg_extension x on x.oid = d.objoid
    where d.classoid = 'pg_extension'::regclass
        and x.oid >= 16384
        and (current_setting('pgphase.all') = 'on' or x.extnamespace in (select oid from managed))
    union all
    select
        case r.relkind
            when 'v' then 'view ' when 'm' then 'materialized view ' when 'S' then 'sequence '
            when 'i' then 'index ' when 'I' then 'index ' else 'table '
        end || r.quoted,
        d.description
    from described d
    join relation r on r.oid = d.objoid
    where d.classoid = 'pg_class'::regclass and d.objsubid = 0
        and r.relkind in ('r', 'p', 'f', 'v', 'm', 'S', 'i', 'I')
    union all
    select 'column ' || r.quoted || '.' || quote_ident(a.attname), d.description
    from described d
    join relation r on r.oid = d.objoid
    join pg_attribute a on a.attrelid = d.objoid and a.attnum = d.objsubid
    where d.classoid = 'pg_class'::regclass and d.objsubid > 0 and not a.attisdropped
        and r.relkind in ('r', 'p', 'f', 'v', 'm', 'c')
    union all
    select 'constraint ' || r.quoted || '.' || quote_ident(k.conname), d.description
    from described d
    join pg_constraint k on k.oid = d.objoid
    join relation r on r.oid = k.conrelid
    where d.classoid = 'pg_constraint'::regclass and r.relkind in ('r', 'p', 'f')
    --? domain constraints
    union all
    select 'domain constraint ' || n.quoted || '.' || quote_ident(t.typname) || '.' || quote_ident(k.conname), d.description
    from described d
    join pg_constraint k on k.oid = d.objoid
    join pg_type t on t.oid = k.contypid
    join managed n on n.oid = t.typnamespace
    where d.classoid = 'pg_constraint'::regclass
    --.
    union all
    select
        case t.typtype when 'e' then 'enum ' when 'r' then 'range type ' when 'd' then 'domain ' else 'composite type ' end
        || n.quoted || '.' || quote_ident(t.typname),
        d.description
    from described d
    join pg_type t on t.oid = d.objoid
    join managed n on n.oid = t.typnamespace
    where d.classoid = 'pg_type'::regclass and t.typtype in ('e', 'r', 'd', 'c')
    --? functions and procedures, aggregates
    union all
    select
        case p.prokind when 'p' then 'procedure ' when 'a' then 'aggregate ' else 'function ' end
        || n.quoted || '.' || quote_ident(p.proname) || '(' || coalesce(
            (
                select string_agg(format_type(a.type, null), ', ' order by a.at)
                from unnest(p.proargtypes::oid[]) with ordinality a (type, at)
            ),
            ''
        ) || ')',
        d.description
    from described d
    join pg_proc p on p.oid = d.objoid
    join managed n on n.oid = p.pronamespace
    where d.classoid = 'pg_proc'::regclass
    --.
    --? triggers
    union all
    select 'trigger ' || r.quoted || '.' || quote_ident(g.tgname), d.description
    from described d
    join pg_trigger g on g.oid = d.objoid
    join relation r on r.oid = g.tgrelid
    where d.classoid = 'pg_trigger'::regclass and r.relkind in ('r', 'p', 'f', 'v')
    --.
    --? rules
    union all
    select 'rule ' || r.quoted || '.' || quote_ident(w.rulename), d.description
    from described d
    join pg_rewrite w on w.oid = d.objoid
    join relation r on r.oid = w.ev_class
    where d.classoid = 'pg_rewrite'::regclass
    --.
    --? policies
    union all
    select 'policy ' || r.quoted || '.' || quote_ident(p.polname), d.description
    from described d
    join pg_policy p on p.oid = d.objoid
    join relation r on r.oid = p.polrelid
    where d.classoid = 'pg_policy'::regclass
    --.
    --? statistics
    union all
    select 'statistics ' || n.quoted || '.' || quote_ident(s.stxname), d.description
    from described d
    join pg_statistic_ext s on s.oid = d.objoid
    join managed n on n.oid = s.stxnamespace
    where d.classoid = 'pg_statistic_ext'::regclass
    --.
    --? event triggers
    union all
    select 'event trigger ' || quote_ident(g.evtname), d.description
    from described d
    join pg_event_trigger g on g.oid = d.objoid
    join pg_proc p on p.oid = g.evtfoid
    where d.classoid = 'pg_event_trigger'::regclass
        and (current_setting('pgphase.all') = 'on' or p.pronamespace in (select oid from managed))
    --.
    --? collations
    union all
    select 'collation ' || n.quoted || '.' || quote_ident(c.collname), d.description
    from described d
    join pg_collation c on c.oid = d.objoid
    join managed n on n.oid = c.collnamespace
    where d.classoid = 'pg_collation'::regclass
    --.
    --? text search parsers
    union all
    select 'text search parser ' || n.quoted || '.' || quote_ident(o.prsname), d.description
    from described d
    join pg_ts_parser o on o.oid = d.objoid
    join managed n on n.oid = o.prsnamespace
    where d.classoid = 'pg_ts_parser'::regclass
    --.
    --? text search templates
    union all
    select 'text search template ' || n.quoted || '.' || quote_ident(o.tmplname), d.description
    from described d
    join pg_ts_template o on o.oid = d.objoid
    join managed n on n.oid = o.tmplnamespace
    where d.classoid = 'pg_ts_template'::regclass
    --.
    --? text search dictionaries
    union all
    select 'text search dictionary ' || n.quoted || '.' || quote_ident(o.dictname), d.description
    from described d
    join pg_ts_dict o on o.oid = d.objoid
    join managed n on n.oid = o.dictnamespace
    where d.classoid = 'pg_ts_dict'::regclass
    --.
    --? text search configurations
    union all
    select 'text search configuration ' || n.quoted || '.' || quote_ident(o.cfgname), d.description
    from described d
    join pg_ts_config o on o.oid = d.objoid
    join managed n on n.oid = o.cfgnamespace
    where d.classoid = 'pg_ts_config'::regclass
    --.
    --? casts
    union all
    select 'cast (' || format_type(c.castsource, null) || ' AS ' || format_type(c.casttarget, null) || ')', d.description
    from described d
    join pg_cast c on c.oid = d.objoid
    where d.classoid = 'pg_cast'::regclass and c.oid >= 16384 and current_setting('pgphase.all') = 'on'
    --.
    --? transforms
    union all
    select 'transform ' || quote_ident(g.lanname) || '(' || format_type(t.trftype, null) || ')', d.description
    from described d
    join pg_transform t on t.oid = d.objoid
    join pg_language g on g.oid = t.trflang
    where d.classoid = 'pg_transform'::regclass and current_setting('pgphase.all') = 'on'
    --.
    --? languages
    union all
    select 'language ' || quote_ident(g.lanname), d.description
    from described d
    join pg_language g on g.oid = d.objoid
    where d.classoid = 'pg_language'::regclass and g.oid >= 16384 and current_setting('pgphase.all') = 'on'
    --.
    --? access methods
    union all
    select 'access method ' || quote_ident(m.amname), d.description
    from described d
    join pg_am m on m.oid = d.objoid
    where d.classoid = 'pg_am'::regclass and m.oid >= 16384 and current_setting('pgphase.all') = 'on'
    --.
    --? subscriptions
    union all
    select 'subscription ' || quote_ident(s.subname), d.description
    from described d
    join pg_subscription s on s.oid = d.objoid
    where d.classoid = 'pg_subscription'::regclass
        and s.subdbid = (select b.oid from pg_database b where b.datname = current_database())
        and current_setting('pgphase.all') = 'on'
    --.
    --? publications
    union all
    select 'publication ' || quote_ident(p.pubname), d.description
    from described d
    join pg_publication p on p.oid = d.objoid
    where d.classoid = 'pg_publication'::regclass and current_setting('pgphase.all') = 'on'
    --.
    --? foreign data wrappers
    union all
    select 'foreign data wrapper ' || quote_ident(o.fdwname), d.description
    from described d
    join pg_foreign_data_wrapper o on o.oid = d.objoid
    where d.classoid = 'pg_foreign_data_wrapper'::regclass and current_setting('pgphase.all') = 'on'
    --.
    --? servers
    union all
    select 'server ' || quote_ident(o.srvname), d.description
    from described d
    join pg_foreign_server o on o.oid = d.objoid
    where d.classoid = 'pg_foreign_server'::regclass and current_setting('pgphase.all') = 'on'
    --.
    --? operators
    union all
    select 'operator ' || n.quoted || '.' || o.oprname || '(' || coalesce(format_type(nullif(o.oprleft, 0), null), 'NONE') || ', ' || format_type(o.oprright, null) || ')', d.description
    from described d
    join pg_operator o on o.oid = d.objoid
    join managed n on n.oid = o.oprnamespace
    where d.classoid = 'pg_operator'::regclass
    --.
    --? operator classes
    union all
    select 'operator class ' || n.quoted || '.' || quote_ident(o.opcname) || '(' || m.amname || ')', d.description
    from described d
    join pg_opclass o on o.oid = d.objoid
    join managed n on n.oid = o.opcnamespace
    join pg_am m on m.oid = o.opcmethod
    where d.classoid = 'pg_opclass'::regclass
    --.
    --? operator families
    union all
    select 'operator family ' || n.quoted || '.' || quote_ident(o.opfname) || '(' || m.amname || ')', d.description
    from described d
    join pg_opfamily o on o.oid = d.objoid
    join managed n on n.oid = o.opfnamespace
    join pg_am m on m.oid = o.opfmethod
    where d.classoid = 'pg_opfamily'::regclass
    --.
    --? conversions
    union all
    select 'conversion ' || n.quoted || '.' || quote_ident(c.conname), d.description
    from described d
    join pg_conversion c on c.oid = d.objoid
    join managed n on n.oid = c.connamespace
    where d.classoid = 'pg_conversion'::regclass
    --.
) s
order by s.id;
