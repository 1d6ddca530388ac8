-- Security labels, each with the id of what it speaks about.
with labelled as (
    select l.classoid, l.objoid, l.objsubid, l.provider, l.label
    from pg_seclabel l
    where not exists (
        select from pg_depend e
        where e.classid = l.classoid and e.objid = l.objoid and e.deptype = 'e'
    )
),
managed as (
    select n.oid, n.nspname, quote_ident(n.nspname) as quoted
    from pg_namespace n
    where n.nspname = any (current_setting('pgphase.namespaces')::text[])
),
relation as (
    select c.oid, c.relkind, n.quoted || '.' || quote_ident(c.relname) as quoted
    from pg_class c
    join managed n on n.oid = c.relnamespace
    where c.relpersistence <> 't'
)
select json_build_object('on', s.id, 'provider', s.provider, 'label', s.label)
from (
    select 'namespace ' || n.quoted as id, l.provider, l.label
    from labelled l
    join managed n on n.oid = l.objoid
    where l.classoid = 'pg_namespace'::regclass
    union all
    select
        case r.relkind
            when 'v' then 'view ' when 'm' then 'materialized view ' when 'S' then 'sequence ' else 'table '
        end || r.quoted,
        l.provider,
        l.label
    from labelled l
    join relation r on r.oid = l.objoid
    where l.classoid = 'pg_class'::regclass and l.objsubid = 0 and r.relkind in ('r', 'p', 'f', 'v', 'm', 'S')
    union all
    select 'column ' || r.quoted || '.' || quote_ident(a.attname), l.provider, l.label
    from labelled l
    join relation r on r.oid = l.objoid
    join pg_attribute a on a.attrelid = l.objoid and a.attnum = l.objsubid
    where l.classoid = 'pg_class'::regclass and l.objsubid > 0 and not a.attisdropped
        and r.relkind in ('r', 'p', 'f', 'v', 'm', 'c')
    union all
    select
        case t.typtype when 'e' then 'enum ' when 'r' then 'range type ' when 'd' then 'domain ' else 'composite type ' end
        || n.quoted || '.' || quote_ident(t.typname),
        l.provider,
        l.label
    from labelled l
    join pg_type t on t.oid = l.objoid
    join managed n on n.oid = t.typnamespace
    where l.classoid = 'pg_type'::regclass and t.typtype in ('e', 'r', 'd', 'c')
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
        l.provider,
        l.label
    from labelled l
    join pg_proc p on p.oid = l.objoid
    join managed n on n.oid = p.pronamespace
    where l.classoid = 'pg_proc'::regclass
    union all
    select 'event trigger ' || quote_ident(g.evtname), l.provider, l.label
    from labelled l
    join pg_event_trigger g on g.oid = l.objoid
    join pg_proc p on p.oid = g.evtfoid
    where l.classoid = 'pg_event_trigger'::regclass
        and (current_setting('pgphase.all') = 'on' or p.pronamespace in (select oid from managed))
    union all
    select 'publication ' || quote_ident(p.pubname), l.provider, l.label
    from labelled l
    join pg_publication p on p.oid = l.objoid
    where l.classoid = 'pg_publication'::regclass and current_setting('pgphase.all') = 'on'
    union all
    select 'language ' || quote_ident(o.lanname), l.provider, l.label
    from labelled l
    join pg_language o on o.oid = l.objoid
    where l.classoid = 'pg_language'::regclass and o.oid >= 16384 and current_setting('pgphase.all') = 'on'
    union all
    -- Subscriptions are shared by all databases, and so are their labels.
    select 'subscription ' || quote_ident(o.subname), l.provider, l.label
    from pg_shseclabel l
    join pg_subscription o on o.oid = l.objoid
    where l.classoid = 'pg_subscription'::regclass
        and o.subdbid = (select d.oid from pg_database d where d.datname = current_database())
        and current_setting('pgphase.all') = 'on'
) s
order by s.id, s.provider;
