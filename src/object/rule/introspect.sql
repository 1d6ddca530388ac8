-- Rewrite rules, without those that make views. The condition and the actions are cut out of `definition`.
select json_build_object(
    'table', json_build_object('namespace', n.nspname, 'name', c.relname),
    'name', r.rulename,
    'event', case r.ev_type when '1' then 'select' when '2' then 'update' when '3' then 'insert' else 'delete' end,
    'instead', r.is_instead,
    'definition', pg_get_ruledef(r.oid),
    'enabled', case r.ev_enabled when 'D' then 'disabled' when 'R' then 'replica' when 'A' then 'always' else 'origin' end
)
from pg_rewrite r
join pg_class c on c.oid = r.ev_class
join pg_namespace n on n.oid = c.relnamespace
where r.rulename <> '_RETURN'
    and c.relkind in ('r', 'p', 'v', 'm')
    and c.relpersistence <> 't'
    and n.nspname = any (current_setting('pgphase.namespaces')::text[])
    --? extension members
    and c.oid not in (
        select e.objid from pg_depend e
        where e.refclassid = 'pg_extension'::regclass and e.classid = 'pg_class'::regclass and e.deptype = 'e'
    )
    --.
    --? extension members
    and r.oid not in (
        select e.objid from pg_depend e
        where e.refclassid = 'pg_extension'::regclass and e.classid = 'pg_rewrite'::regclass and e.deptype = 'e'
    )
    --.
order by n.nspname, c.relname, r.rulename;
