-- Event triggers whose function is managed.
select json_build_object(
    'name', g.evtname,
    'event', g.evtevent,
    'tags', coalesce((select json_agg(tag) from unnest(g.evttags) tag), '[]'),
    'function', json_build_object('namespace', nullif(n.nspname, 'pg_catalog'), 'name', p.proname),
    'enabled', case g.evtenabled when 'D' then 'disabled' when 'R' then 'replica' when 'A' then 'always' else 'origin' end
)
from pg_event_trigger g
join pg_proc p on p.oid = g.evtfoid
join pg_namespace n on n.oid = p.pronamespace
where (current_setting('pgphase.all') = 'on' or n.nspname = any (current_setting('pgphase.namespaces')::text[]))
    --? extension members
    and g.oid not in (
        select e.objid from pg_depend e
        where e.refclassid = 'pg_extension'::regclass and e.classid = 'pg_event_trigger'::regclass and e.deptype = 'e'
    )
    --.
order by g.evtname;
