-- Conversions between encodings.
select json_build_object(
    'name', json_build_object('namespace', n.nspname, 'name', c.conname),
    'default', c.condefault,
    'from', pg_encoding_to_char(c.conforencoding),
    'to', pg_encoding_to_char(c.contoencoding),
    'function', (
        select json_build_object('namespace', nullif(fn.nspname, 'pg_catalog'), 'name', f.proname)
        from pg_proc f
        join pg_namespace fn on fn.oid = f.pronamespace
        where f.oid = c.conproc
    )
)
from pg_conversion c
join pg_namespace n on n.oid = c.connamespace
where n.nspname = any (current_setting('pgphase.namespaces')::text[])
    --? extension members
    and c.oid not in (
        select e.objid from pg_depend e
        where e.refclassid = 'pg_extension'::regclass and e.classid = 'pg_conversion'::regclass and e.deptype = 'e'
    )
    --.
order by n.nspname, c.conname;
