-- Text search dictionaries. The options are the text that CREATE would take.
select json_build_object(
    'name', json_build_object('namespace', n.nspname, 'name', o.dictname),
    'template', json_build_object('namespace', nullif(tn.nspname, 'pg_catalog'), 'name', t.tmplname),
    'options', o.dictinitoption
)
from pg_ts_dict o
join pg_namespace n on n.oid = o.dictnamespace
join pg_ts_template t on t.oid = o.dicttemplate
join pg_namespace tn on tn.oid = t.tmplnamespace
where n.nspname = any (current_setting('pgphase.namespaces')::text[])
    --? extension members
    and o.oid not in (
        select e.objid from pg_depend e
        where e.refclassid = 'pg_extension'::regclass and e.classid = 'pg_ts_dict'::regclass and e.deptype = 'e'
    )
    --.
order by n.nspname, o.dictname;
