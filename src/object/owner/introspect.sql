-- Owners. The sequence of an identity column always has the owner of its table.
with managed as (
    select n.oid, n.nspowner, quote_ident(n.nspname) as quoted
    from pg_namespace n
    where n.nspname = any (current_setting('pgphase.namespaces')::text[])
        --? extension members
        and n.oid not in (
            select e.objid from pg_depend e
            where e.refclassid = 'pg_extension'::regclass and e.classid = 'pg_namespace'::regclass and e.deptype = 'e'
        )
        --.
)
select json_build_object('on', s.id, 'role', pg_get_userbyid(s.owner))
from (
    select 'namespace ' || n.quoted as id, n.nspowner as owner
    from managed n
    union all
    select
        case c.relkind
            when 'v' then 'view ' when 'm' then 'materialized view ' when 'S' then 'sequence ' else 'table '
        end || n.quoted || '.' || quote_ident(c.relname),
        c.relowner
    from pg_class c
    join managed n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'f', 'v', 'm', 'S')
        and c.relpersistence <> 't'
        --? extension members
        and c.oid not in (
            select e.objid from pg_depend e
            where e.refclassid = 'pg_extension'::regclass and e.classid = 'pg_class'::regclass and e.deptype = 'e'
        )
        --.
        and not (c.relkind = 'S' and exists (
            select from pg_depend i
            where i.classid = 'pg_class'::regclass and i.objid = c.oid and i.deptype = 'i'
        ))
    --? enumerated types, composite types, range types, domains
    union all
    select
        case t.typtype when 'e' then 'enum ' when 'r' then 'range type ' when 'd' then 'domain ' else 'composite type ' end
        || n.quoted || '.' || quote_ident(t.typname),
        t.typowner
    from pg_type t
    join managed n on n.oid = t.typnamespace
    left join pg_class c on c.oid = t.typrelid
    where (t.typtype in ('e', 'r', 'd') or c.relkind = 'c')
        --? extension members
        and t.oid not in (
            select e.objid from pg_depend e
            where e.refclassid = 'pg_extension'::regclass and e.classid = 'pg_type'::regclass and e.deptype = 'e'
        )
        --.
    --.
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
        p.proowner
    from pg_proc p
    join managed n on n.oid = p.pronamespace
    --? extension members
    and p.oid not in (
        select e.objid from pg_depend e
        where e.refclassid = 'pg_extension'::regclass and e.classid = 'pg_proc'::regclass and e.deptype = 'e'
    )
    --.
    --? range types
    -- The constructors of a range type.
    and p.oid not in (
        select e.objid from pg_depend e
        where e.refclassid = 'pg_type'::regclass and e.classid = 'pg_proc'::regclass and e.deptype = 'i'
    )
    --.
    --.
    --? statistics
    union all
    select 'statistics ' || n.quoted || '.' || quote_ident(s.stxname), s.stxowner
    from pg_statistic_ext s
    join managed n on n.oid = s.stxnamespace
    --? extension members
    and s.oid not in (
        select e.objid from pg_depend e
        where e.refclassid = 'pg_extension'::regclass and e.classid = 'pg_statistic_ext'::regclass and e.deptype = 'e'
    )
    --.
    --.
    --? event triggers
    union all
    select 'event trigger ' || quote_ident(g.evtname), g.evtowner
    from pg_event_trigger g
    join pg_proc p on p.oid = g.evtfoid
    where (current_setting('pgphase.all') = 'on' or p.pronamespace in (select oid from managed))
        --? extension members
        and g.oid not in (
            select e.objid from pg_depend e
            where e.refclassid = 'pg_extension'::regclass and e.classid = 'pg_event_trigger'::regclass and e.deptype = 'e'
        )
        --.
    --.
    --? collations
    union all
    select 'collation ' || n.quoted || '.' || quote_ident(c.collname), c.collowner
    from pg_collation c
    join managed n on n.oid = c.collnamespace
    --? extension members
    and c.oid not in (
        select e.objid from pg_depend e
        where e.refclassid = 'pg_extension'::regclass and e.classid = 'pg_collation'::regclass and e.deptype = 'e'
    )
    --.
    --.
    --? text search dictionaries
    union all
    select 'text search dictionary ' || n.quoted || '.' || quote_ident(o.dictname), o.dictowner
    from pg_ts_dict o
    join managed n on n.oid = o.dictnamespace
    --? extension members
    and o.oid not in (
        select e.objid from pg_depend e
        where e.refclassid = 'pg_extension'::regclass and e.classid = 'pg_ts_dict'::regclass and e.deptype = 'e'
    )
    --.
    --.
    --? text search configurations
    union all
    select 'text search configuration ' || n.quoted || '.' || quote_ident(o.cfgname), o.cfgowner
    from pg_ts_config o
    join managed n on n.oid = o.cfgnamespace
    --? extension members
    and o.oid not in (
        select e.objid from pg_depend e
        where e.refclassid = 'pg_extension'::regclass and e.classid = 'pg_ts_config'::regclass and e.deptype = 'e'
    )
    --.
    --.
    --? languages
    union all
    select 'language ' || quote_ident(l.lanname), l.lanowner
    from pg_language l
    where l.oid >= 16384
        and current_setting('pgphase.all') = 'on'
        --? extension members
        and l.oid not in (
            select e.objid from pg_depend e
            where e.refclassid = 'pg_extension'::regclass and e.classid = 'pg_language'::regclass and e.deptype = 'e'
        )
        --.
    --.
    --? subscriptions
    union all
    select 'subscription ' || quote_ident(s.subname), s.subowner
    from pg_subscription s
    where s.subdbid = (select d.oid from pg_database d where d.datname = current_database())
        and current_setting('pgphase.all') = 'on'
    --.
    --? publications
    union all
    select 'publication ' || quote_ident(p.pubname), p.pubowner
    from pg_publication p
    where current_setting('pgphase.all') = 'on'
        --? extension members
        and p.oid not in (
            select e.objid from pg_depend e
            where e.refclassid = 'pg_extension'::regclass and e.classid = 'pg_publication'::regclass and e.deptype = 'e'
        )
        --.
    --.
    --? foreign data wrappers
    union all
    select 'foreign data wrapper ' || quote_ident(o.fdwname), o.fdwowner
    from pg_foreign_data_wrapper o
    where current_setting('pgphase.all') = 'on'
        --? extension members
        and o.oid not in (
            select e.objid from pg_depend e
            where e.refclassid = 'pg_extension'::regclass and e.classid = 'pg_foreign_data_wrapper'::regclass and e.deptype = 'e'
        )
        --.
    --.
    --? servers
    union all
    select 'server ' || quote_ident(o.srvname), o.srvowner
    from pg_foreign_server o
    where current_setting('pgphase.all') = 'on'
        --? extension members
        and o.oid not in (
            select e.objid from pg_depend e
            where e.refclassid = 'pg_extension'::regclass and e.classid = 'pg_foreign_server'::regclass and e.deptype = 'e'
        )
        --.
    --.
    --? operators
    union all
    select 'operator ' || n.quoted || '.' || o.oprname || '(' || coalesce(format_type(nullif(o.oprleft, 0), null), 'NONE') || ', ' || format_type(o.oprright, null) || ')', o.oprowner
    from pg_operator o
    join managed n on n.oid = o.oprnamespace
    where o.oprcode <> 0 and o.oid not in (
        select e.objid from pg_depend e
        where e.refclassid = 'pg_extension'::regclass and e.classid = 'pg_operator'::regclass and e.deptype = 'e'
    )
    --.
    --? operator classes
    union all
    select 'operator class ' || n.quoted || '.' || quote_ident(o.opcname) || '(' || m.amname || ')', o.opcowner
    from pg_opclass o
    join managed n on n.oid = o.opcnamespace
    join pg_am m on m.oid = o.opcmethod
    --? extension members
    and o.oid not in (
        select e.objid from pg_depend e
        where e.refclassid = 'pg_extension'::regclass and e.classid = 'pg_opclass'::regclass and e.deptype = 'e'
    )
    --.
    --.
    --? operator families
    union all
    select 'operator family ' || n.quoted || '.' || quote_ident(o.opfname) || '(' || m.amname || ')', o.opfowner
    from pg_opfamily o
    join managed n on n.oid = o.opfnamespace
    join pg_am m on m.oid = o.opfmethod
    --? extension members
    and o.oid not in (
        select e.objid from pg_depend e
        where e.refclassid = 'pg_extension'::regclass and e.classid = 'pg_opfamily'::regclass and e.deptype = 'e'
    )
    --.
    --.
    --? conversions
    union all
    select 'conversion ' || n.quoted || '.' || quote_ident(c.conname), c.conowner
    from pg_conversion c
    join managed n on n.oid = c.connamespace
    --? extension members
    and c.oid not in (
        select e.objid from pg_depend e
        where e.refclassid = 'pg_extension'::regclass and e.classid = 'pg_conversion'::regclass and e.deptype = 'e'
    )
    --.
    --.
) s
order by s.id;
