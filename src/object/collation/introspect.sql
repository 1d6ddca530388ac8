-- Collations. The columns have changed with the versions, so they are read by name: before 15 the locale of ICU was in
-- collcollate, in 15 and 16 in colliculocale.
select json_build_object(
    'name', json_build_object('namespace', n.nspname, 'name', c.collname),
    'provider', case c.collprovider when 'i' then 'icu' when 'b' then 'builtin' else 'libc' end,
    'locale', case when c.collprovider <> 'c' then
        coalesce(to_jsonb(c) ->> 'colllocale', to_jsonb(c) ->> 'colliculocale', c.collcollate)
    end,
    'lc_collate', case when c.collprovider = 'c' then c.collcollate end,
    'lc_ctype', case when c.collprovider = 'c' then c.collctype end,
    'nondeterministic', not c.collisdeterministic,
    'rules', to_jsonb(c) ->> 'collicurules'
)
from pg_collation c
join pg_namespace n on n.oid = c.collnamespace
where n.nspname = any (current_setting('pgphase.namespaces')::text[])
    --? extension members
    and c.oid not in (
        select e.objid from pg_depend e
        where e.refclassid = 'pg_extension'::regclass and e.classid = 'pg_collation'::regclass and e.deptype = 'e'
    )
    --.
order by n.nspname, c.collname;
