-- Procedural languages that somebody made, those of extensions left out.
select json_build_object(
    'name', l.lanname,
    'trusted', l.lanpltrusted,
    'handler', (
        select json_build_object('namespace', nullif(n.nspname, 'pg_catalog'), 'name', p.proname)
        from pg_proc p
        join pg_namespace n on n.oid = p.pronamespace
        where p.oid = l.lanplcallfoid
    ),
    'inline', (
        select json_build_object('namespace', nullif(n.nspname, 'pg_catalog'), 'name', p.proname)
        from pg_proc p
        join pg_namespace n on n.oid = p.pronamespace
        where p.oid = l.laninline
    ),
    'validator', (
        select json_build_object('namespace', nullif(n.nspname, 'pg_catalog'), 'name', p.proname)
        from pg_proc p
        join pg_namespace n on n.oid = p.pronamespace
        where p.oid = l.lanvalidator
    )
)
from pg_language l
where l.lanispl
    and l.oid >= 16384
    and current_setting('pgphase.all') = 'on'
    --? extension members
    and l.oid not in (
        select e.objid from pg_depend e
        where e.refclassid = 'pg_extension'::regclass and e.classid = 'pg_language'::regclass and e.deptype = 'e'
    )
    --.
order by l.lanname;
