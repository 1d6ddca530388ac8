-- Installed extensions, those that every new database has left out.
select json_build_object(
    'name', x.extname,
    'namespace', n.nspname,
    'version', x.extversion
)
from pg_extension x
join pg_namespace n on n.oid = x.extnamespace
where x.oid >= 16384
    and (current_setting('pgphase.all') = 'on' or n.nspname = any (current_setting('pgphase.namespaces')::text[]))
order by x.extname;
