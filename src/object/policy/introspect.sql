-- Row security policies. Role 0 is PUBLIC.
select json_build_object(
    'table', json_build_object('namespace', n.nspname, 'name', c.relname),
    'name', p.polname,
    'restrictive', not p.polpermissive,
    'command', case p.polcmd
        when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all'
    end,
    'roles', coalesce(
        (
            select json_agg(name order by name)
            from (select pg_get_userbyid(role) as name from unnest(p.polroles) role where role <> 0) roles
            where 0 <> all (p.polroles)
        ),
        '[]'
    ),
    'using', pg_get_expr(p.polqual, p.polrelid),
    'check', pg_get_expr(p.polwithcheck, p.polrelid)
)
from pg_policy p
join pg_class c on c.oid = p.polrelid
join pg_namespace n on n.oid = c.relnamespace
where n.nspname = any (current_setting('pgphase.namespaces')::text[])
    --? extension members
    and c.oid not in (
        select e.objid from pg_depend e
        where e.refclassid = 'pg_extension'::regclass and e.classid = 'pg_class'::regclass and e.deptype = 'e'
    )
    --.
order by n.nspname, c.relname, p.polname;
