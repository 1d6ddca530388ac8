-- Sequences, those of identity columns left out.
select json_build_object(
    'name', json_build_object('namespace', n.nspname, 'name', c.relname),
    'data_type', format_type(s.seqtypid, null),
    'options', json_build_object(
        'start', s.seqstart,
        'increment', s.seqincrement,
        'min', s.seqmin,
        'max', s.seqmax,
        'cache', s.seqcache,
        'cycle', s.seqcycle
    ),
    'unlogged', c.relpersistence = 'u',
    'owned_by', case when a.attname is not null then
        json_build_object(
            'table', json_build_object('namespace', tn.nspname, 'name', t.relname),
            'column', a.attname
        )
    end
)
from pg_sequence s
join pg_class c on c.oid = s.seqrelid
join pg_namespace n on n.oid = c.relnamespace
left join pg_depend o
    on o.classid = 'pg_class'::regclass and o.objid = c.oid and o.objsubid = 0
    and o.refclassid = 'pg_class'::regclass and o.refobjsubid > 0 and o.deptype in ('a', 'i')
left join pg_class t on t.oid = o.refobjid
left join pg_namespace tn on tn.oid = t.relnamespace
left join pg_attribute a on a.attrelid = o.refobjid and a.attnum = o.refobjsubid
where n.nspname = any (current_setting('pgphase.namespaces')::text[])
    and o.deptype is distinct from 'i'
    and c.relpersistence <> 't'
    --? extension members
    and c.oid not in (
        select e.objid from pg_depend e
        where e.refclassid = 'pg_extension'::regclass and e.classid = 'pg_class'::regclass and e.deptype = 'e'
    )
    --.
order by n.nspname, c.relname;
