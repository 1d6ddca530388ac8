-- Privileges, where they are not the built-in ones. Of the owner's own those are told that it does not have; PUBLIC is an empty name.
with managed as (
    select n.oid, n.nspacl, n.nspowner, quote_ident(n.nspname) as quoted
    from pg_namespace n
    where n.nspname = any (current_setting('pgphase.namespaces')::text[])
        --? extension members
        and n.oid not in (
            select e.objid from pg_depend e
            where e.refclassid = 'pg_extension'::regclass and e.classid = 'pg_namespace'::regclass and e.deptype = 'e'
        )
        --.
),
relation as (
    select c.oid, c.relkind, c.relacl, c.relowner, n.quoted || '.' || quote_ident(c.relname) as quoted
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
)
select json_build_object(
    'on', s.id,
    'grants', coalesce(
        (
            select json_object_agg(grantee.name, grantee.privileges order by grantee.name)
            from (
                select privilege.name, json_object_agg(privilege.type, privilege.grantable order by privilege.type) as privileges
                from (
                    select
                        case x.grantee when 0 then '' else pg_get_userbyid(x.grantee)::text end as name,
                        x.privilege_type as type,
                        bool_or(x.is_grantable) as grantable
                    from aclexplode(s.acl) x
                    -- The owner of a table has nothing on single columns that was not granted.
                    where x.grantee <> s.owner or s.letter is null
                    group by x.grantee, x.privilege_type
                ) privilege
                group by privilege.name
            ) grantee
        ),
        '{}'
    ),
    'withheld', coalesce(
        (
            select json_build_object(pg_get_userbyid(s.owner), json_agg(lost.privilege_type order by lost.privilege_type))
            from (
                select x.privilege_type
                from aclexplode(acldefault(s.letter, s.owner)) x
                where s.letter is not null and x.grantee = s.owner
                except
                select x.privilege_type
                from aclexplode(s.acl) x
                where x.grantee = s.owner
            ) lost
            having count(*) > 0
        ),
        '{}'
    )
)
from (
    select 'namespace ' || n.quoted as id, n.nspacl as acl, n.nspowner as owner, 'n'::"char" as letter
    from managed n
    where n.nspacl is not null
    union all
    select
        case r.relkind
            when 'v' then 'view ' when 'm' then 'materialized view ' when 'S' then 'sequence ' else 'table '
        end || r.quoted,
        r.relacl,
        r.relowner,
        case r.relkind when 'S' then 's'::"char" else 'r' end
    from relation r
    where r.relacl is not null
    union all
    select 'column ' || r.quoted || '.' || quote_ident(a.attname), a.attacl, r.relowner, null
    from pg_attribute a
    join relation r on r.oid = a.attrelid
    where a.attacl is not null and a.attnum > 0 and not a.attisdropped
    --? enumerated types, composite types, range types, domains
    union all
    select
        case t.typtype when 'e' then 'enum ' when 'r' then 'range type ' when 'd' then 'domain ' else 'composite type ' end
        || n.quoted || '.' || quote_ident(t.typname),
        t.typacl,
        t.typowner,
        'T'
    from pg_type t
    join managed n on n.oid = t.typnamespace
    left join pg_class c on c.oid = t.typrelid
    where t.typacl is not null
        and (t.typtype in ('e', 'r', 'd') or c.relkind = 'c')
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
        p.proacl,
        p.proowner,
        'f'
    from pg_proc p
    join managed n on n.oid = p.pronamespace
    where p.proacl is not null
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
    --? foreign data wrappers
    union all
    select 'foreign data wrapper ' || quote_ident(o.fdwname), o.fdwacl, o.fdwowner, 'F'
    from pg_foreign_data_wrapper o
    where o.fdwacl is not null
        and current_setting('pgphase.all') = 'on'
        --? extension members
        and o.oid not in (
            select e.objid from pg_depend e
            where e.refclassid = 'pg_extension'::regclass and e.classid = 'pg_foreign_data_wrapper'::regclass and e.deptype = 'e'
        )
        --.
    --.
    --? languages
    union all
    select 'language ' || quote_ident(l.lanname), l.lanacl, l.lanowner, 'l'
    from pg_language l
    where l.lanacl is not null
        and l.oid >= 16384
        and current_setting('pgphase.all') = 'on'
        --? extension members
        and l.oid not in (
            select e.objid from pg_depend e
            where e.refclassid = 'pg_extension'::regclass and e.classid = 'pg_language'::regclass and e.deptype = 'e'
        )
        --.
    --.
    --? servers
    union all
    select 'server ' || quote_ident(o.srvname), o.srvacl, o.srvowner, 'S'
    from pg_foreign_server o
    where o.srvacl is not null
        and current_setting('pgphase.all') = 'on'
        --? extension members
        and o.oid not in (
            select e.objid from pg_depend e
            where e.refclassid = 'pg_extension'::regclass and e.classid = 'pg_foreign_server'::regclass and e.deptype = 'e'
        )
        --.
    --.
) s
order by s.id;
