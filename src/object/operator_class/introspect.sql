-- Operator classes with their operators and functions.
select json_build_object(
    'name', json_build_object('namespace', n.nspname, 'name', o.opcname),
    'method', m.amname,
    'family', json_build_object('namespace', nullif(yn.nspname, 'pg_catalog'), 'name', y.opfname),
    'default', o.opcdefault,
    'type', format_type(o.opcintype, null),
    'storage', format_type(nullif(o.opckeytype, 0), null),
    'members', coalesce(
        (
            select json_agg(member.entry order by member.kind, member.number, member.lefttype, member.righttype)
            from (
                select 1 as kind, a.amopstrategy as number, a.amoplefttype as lefttype, a.amoprighttype as righttype,
                    json_build_object('operator', json_build_object(
                        'number', a.amopstrategy,
                        'left', format_type(a.amoplefttype, null),
                        'right', format_type(a.amoprighttype, null),
                        'operator', (
        select json_build_object('namespace', nullif(xn.nspname, 'pg_catalog'), 'name', x.oprname)
        from pg_operator x
        join pg_namespace xn on xn.oid = x.oprnamespace
        where x.oid = a.amopopr
    ),
                        'order_by', (
                            select json_build_object('namespace', nullif(sn.nspname, 'pg_catalog'), 'name', sf.opfname)
                            from pg_opfamily sf
                            join pg_namespace sn on sn.oid = sf.opfnamespace
                            where sf.oid = a.amopsortfamily
                        )
                    )) as entry
                from pg_depend d
                join pg_amop a on a.oid = d.objid
                where d.classid = 'pg_amop'::regclass and d.refclassid = 'pg_opclass'::regclass and d.refobjid = o.oid
                union all
                select 2, p.amprocnum, p.amproclefttype, p.amprocrighttype,
                    json_build_object('function', json_build_object(
                        'number', p.amprocnum,
                        'left', format_type(p.amproclefttype, null),
                        'right', format_type(p.amprocrighttype, null),
                        'function', (
        select json_build_object('namespace', nullif(fn.nspname, 'pg_catalog'), 'name', f.proname)
        from pg_proc f
        join pg_namespace fn on fn.oid = f.pronamespace
        where f.oid = p.amproc
    ),
                        'arguments', coalesce(
                            (
                                select json_agg(format_type(t.type, null) order by t.at)
                                from pg_proc f, unnest(f.proargtypes::oid[]) with ordinality t (type, at)
                                where f.oid = p.amproc
                            ),
                            '[]'
                        )
                    ))
                from pg_depend d
                join pg_amproc p on p.oid = d.objid
                where d.classid = 'pg_amproc'::regclass and d.refclassid = 'pg_opclass'::regclass and d.refobjid = o.oid
            ) member
        ),
        '[]'
    )
)
from pg_opclass o
join pg_namespace n on n.oid = o.opcnamespace
join pg_am m on m.oid = o.opcmethod
join pg_opfamily y on y.oid = o.opcfamily
join pg_namespace yn on yn.oid = y.opfnamespace
where n.nspname = any (current_setting('pgphase.namespaces')::text[])
    --? extension members
    and o.oid not in (
        select e.objid from pg_depend e
        where e.refclassid = 'pg_extension'::regclass and e.classid = 'pg_opclass'::regclass and e.deptype = 'e'
    )
    --.
order by n.nspname, o.opcname;
