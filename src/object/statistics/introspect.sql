-- Extended statistics objects.
select json_build_object(
    'name', json_build_object('namespace', n.nspname, 'name', s.stxname),
    'table', json_build_object('namespace', cn.nspname, 'name', c.relname),
    'kinds', (
        select coalesce(json_agg(kind.name order by kind.at), '[]')
        from (values (1, 'd', 'ndistinct'), (2, 'f', 'dependencies'), (3, 'm', 'mcv')) kind (at, letter, name)
        where kind.letter::"char" = any (s.stxkind)
    ),
    'columns', coalesce(
        (
            select json_agg(a.attname order by a.attnum)
            from pg_attribute a
            where a.attrelid = s.stxrelid and a.attnum = any (s.stxkeys::int2[])
        ),
        '[]'
    ),
    'expressions', coalesce(to_json(pg_get_statisticsobjdef_expressions(s.oid)), '[]'),
    'target', nullif(s.stxstattarget, -1)
)
from pg_statistic_ext s
join pg_namespace n on n.oid = s.stxnamespace
join pg_class c on c.oid = s.stxrelid
join pg_namespace cn on cn.oid = c.relnamespace
where c.relkind in ('r', 'p', 'm')
    and c.relpersistence <> 't'
    and n.nspname = any (current_setting('pgphase.namespaces')::text[])
    --? extension members
    and c.oid not in (
        select e.objid from pg_depend e
        where e.refclassid = 'pg_extension'::regclass and e.classid = 'pg_class'::regclass and e.deptype = 'e'
    )
    --.
    --? extension members
    and s.oid not in (
        select e.objid from pg_depend e
        where e.refclassid = 'pg_extension'::regclass and e.classid = 'pg_statistic_ext'::regclass and e.deptype = 'e'
    )
    --.
order by n.nspname, s.stxname;
