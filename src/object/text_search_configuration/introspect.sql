-- Text search configurations with the dictionaries of each kind of token, in their order.
select json_build_object(
    'name', json_build_object('namespace', n.nspname, 'name', o.cfgname),
    'parser', json_build_object('namespace', nullif(pn.nspname, 'pg_catalog'), 'name', p.prsname),
    'mappings', coalesce(
        (
            select json_object_agg(mapping.alias, mapping.dictionaries)
            from (
                select
                    t.alias,
                    json_agg(
                        json_build_object('namespace', nullif(dn.nspname, 'pg_catalog'), 'name', d.dictname)
                        order by m.mapseqno
                    ) as dictionaries
                from pg_ts_config_map m
                join ts_token_type(o.cfgparser) t on t.tokid = m.maptokentype
                join pg_ts_dict d on d.oid = m.mapdict
                join pg_namespace dn on dn.oid = d.dictnamespace
                where m.mapcfg = o.oid
                group by t.alias
            ) mapping
        ),
        '{}'
    )
)
from pg_ts_config o
join pg_namespace n on n.oid = o.cfgnamespace
join pg_ts_parser p on p.oid = o.cfgparser
join pg_namespace pn on pn.oid = p.prsnamespace
where n.nspname = any (current_setting('pgphase.namespaces')::text[])
    --? extension members
    and o.oid not in (
        select e.objid from pg_depend e
        where e.refclassid = 'pg_extension'::regclass and e.classid = 'pg_ts_config'::regclass and e.deptype = 'e'
    )
    --.
order by n.nspname, o.cfgname;
