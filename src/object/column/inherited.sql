-- Columns that a child by INHERITS only has from its parents.
select json_build_object('namespace', n.nspname, 'name', c.relname, 'column', a.attname)
from pg_attribute a
join pg_class c on c.oid = a.attrelid
join pg_namespace n on n.oid = c.relnamespace
where a.attinhcount > 0
    and not a.attislocal
    and not c.relispartition
    and c.relkind in ('r', 'p', 'f')
    and n.nspname = any (current_setting('pgphase.namespaces')::text[]);
