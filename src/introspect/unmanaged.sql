-- What the database has and the model does not hold, by kind and name. Read from the catalogs directly, independent of
-- the queries of the kinds. System objects and members of extensions are left out.
with managed as (
    select n.oid, quote_ident(n.nspname) as quoted
    from pg_namespace n
    where n.nspname = any (current_setting('pgphase.namespaces')::text[])
),
member as (
    select e.classid, e.objid from pg_depend e where e.refclassid = 'pg_extension'::regclass and e.deptype = 'e'
),
relation as (
    select c.oid, c.relkind, n.quoted || '.' || quote_ident(c.relname) as quoted,
        --? extension members
        ('pg_class'::regclass, c.oid) in (select classid, objid from member) or
        --.
        false as extended
    from pg_class c
    join managed n on n.oid = c.relnamespace
    where c.relpersistence <> 't'
)
select json_build_object('kind', s.kind, 'name', s.name)
from (
    -- Settings of indexes, materialized views and keys that no field of theirs holds.
    select 'statistics target' as kind, format('of column %s of %s', a.attnum, r.quoted) as name
    from pg_attribute a
    join relation r on r.oid = a.attrelid
    where r.relkind in ('i', 'I', 'm') and a.attnum > 0 and a.attstattarget >= 0 and not r.extended
    --? materialized views
    union all
    select 'storage', format('of column %I of %s', a.attname, r.quoted)
    from pg_attribute a
    join relation r on r.oid = a.attrelid
    join pg_type t on t.oid = a.atttypid
    where r.relkind = 'm' and a.attnum > 0 and not r.extended
        and (
            a.attstorage <> t.typstorage
            or a.attcompression <> ''
            -- `pg_attver` is the server's own bookkeeping in minor releases since late 2026.
            or exists (select from pg_options_to_table(a.attoptions) where option_name <> 'pg_attver')
        )
    --.
    --? clustered indexes
    union all
    select 'clustering', format('of %s on %s', r.quoted, i.quoted)
    from pg_index x
    join relation r on r.oid = x.indrelid
    join relation i on i.oid = x.indexrelid
    where x.indisclustered and not r.extended
        and exists (select from pg_constraint k where k.conindid = x.indexrelid and k.contype in ('p', 'u', 'x'))
    --.
    --? heirs
    union all
    select 'state', format('of trigger %s.%I', r.quoted, g.tgname)
    from pg_trigger g
    join relation r on r.oid = g.tgrelid
    join pg_trigger above on above.oid = g.tgparentid
    where not above.tgisinternal and g.tgenabled <> above.tgenabled and not r.extended
    --.
    --? statistics
    union all
    select 'statistics', n.quoted || '.' || quote_ident(s.stxname)
    from pg_statistic_ext s
    join managed n on n.oid = s.stxnamespace
    join pg_class c on c.oid = s.stxrelid
    where c.relkind not in ('r', 'p', 'm')
        and ('pg_statistic_ext'::regclass, s.oid) not in (select classid, objid from member)
    --.
    --? extension dependents
    union all
    -- `DEPENDS ON EXTENSION`.
    select 'dependence', format('of %s on extension %I', pg_describe_object(d.classid, d.objid, 0), e.extname)
    from pg_depend d
    join pg_extension e on e.oid = d.refobjid
    where d.refclassid = 'pg_extension'::regclass and d.deptype = 'x'
    --.
    --? range types
    union all
    select 'comment', format('on multirange type %s.%I', n.quoted, t.typname)
    from pg_description d
    join pg_type t on t.oid = d.objoid
    join managed n on n.oid = t.typnamespace
    where d.classoid = 'pg_type'::regclass and t.typtype = 'm'
        and ('pg_type'::regclass, t.oid) not in (select classid, objid from member)
    --.
    --? base types
    union all
    select 'base type', n.quoted || '.' || quote_ident(t.typname)
    from pg_type t
    join managed n on n.oid = t.typnamespace
    where t.typtype in ('b', 'p') and t.typelem = 0 and t.typsubscript <> 'array_subscript_handler'::regproc
        and ('pg_type'::regclass, t.oid) not in (select classid, objid from member)
    --.
    --? extension members
    union all
    -- Parts of relations that are not in the model themselves.
    select 'trigger', r.quoted || '.' || quote_ident(g.tgname)
    from pg_trigger g
    join relation r on r.oid = g.tgrelid
    where not g.tgisinternal and g.tgparentid = 0 and r.extended
        and ('pg_trigger'::regclass, g.oid) not in (select classid, objid from member)
    union all
    select 'index', i.quoted || ' on ' || r.quoted
    from pg_index x
    join relation r on r.oid = x.indrelid
    join relation i on i.oid = x.indexrelid
    where r.extended and not i.extended
        and not exists (select from pg_constraint k where k.conindid = x.indexrelid)
    union all
    select 'policy', r.quoted || '.' || quote_ident(p.polname)
    from pg_policy p
    join relation r on r.oid = p.polrelid
    where r.extended
    --.
) s
order by s.kind, s.name;
