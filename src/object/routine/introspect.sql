-- Functions and procedures.
select json_build_object(
    'name', json_build_object('namespace', n.nspname, 'name', p.proname),
    'procedure', p.prokind = 'p',
    'arguments', arguments.list,
    'returns', case
        when p.prokind = 'p' then null
        when 't' = any (p.proargmodes) then json_build_object('table', arguments.returned)
        when p.proretset then json_build_object('set_of', format_type(p.prorettype, null))
        -- What output arguments already say.
        when p.proargmodes && '{o,b}' then null
        else json_build_object('type', format_type(p.prorettype, null))
    end,
    'language', l.lanname,
    'body', case
        when p.prosqlbody is not null then json_build_object('sql', pg_get_function_sqlbody(p.oid))
        when p.probin is not null then json_build_object('object', json_build_object('file', p.probin, 'symbol', p.prosrc))
        else json_build_object('source', p.prosrc)
    end,
    'volatility', case p.provolatile when 'i' then 'immutable' when 's' then 'stable' else 'volatile' end,
    'strict', p.proisstrict,
    'security_definer', p.prosecdef,
    'leakproof', p.proleakproof,
    'window', p.prokind = 'w',
    'parallel', case p.proparallel when 's' then 'safe' when 'r' then 'restricted' else 'unsafe' end,
    'cost', case when p.procost <> case when l.lanname in ('c', 'internal') then 1 else 100 end then
        p.procost::numeric::text
    end,
    'rows', case when p.prorows not in (0, 1000) then p.prorows::numeric::text end,
    'support', case when p.prosupport <> 0 then (
        select json_build_object('namespace', nullif(sn.nspname, 'pg_catalog'), 'name', s.proname)
        from pg_proc s
        join pg_namespace sn on sn.oid = s.pronamespace
        where s.oid = p.prosupport
    ) end,
    'transforms', case when p.protrftypes is null then '[]' else (
        select json_agg(format_type(t.type, null) order by t.at)
        from unnest(p.protrftypes) with ordinality t (type, at)
    ) end,
    'settings', case when p.proconfig is null then '{}' else (
        select json_object_agg(split_part(s.setting, '=', 1), substr(s.setting, strpos(s.setting, '=') + 1) order by s.at)
        from unnest(p.proconfig) with ordinality s (setting, at)
    ) end
)
from pg_proc p
join pg_namespace n on n.oid = p.pronamespace
join pg_language l on l.oid = p.prolang
cross join lateral (
    select
        coalesce(json_agg(argument.item order by argument.at) filter (where argument.mode <> 't'), '[]') as list,
        json_agg(argument.item order by argument.at) filter (where argument.mode = 't') as returned
    from (
        select a.at, coalesce(a.mode, 'i') as mode, json_build_object(
            'mode', case a.mode when 'o' then 'out' when 'b' then 'in_out' when 'v' then 'variadic' else 'in' end,
            'name', nullif(a.name, ''),
            'type_name', format_type(a.type, null),
            'default', case when p.pronargdefaults > 0 then pg_get_function_arg_default(p.oid, a.at::int) end
        ) as item
        from unnest(coalesce(p.proallargtypes, p.proargtypes::oid[]), p.proargmodes, p.proargnames)
            with ordinality a (type, mode, name, at)
    ) argument
) arguments
where p.prokind in ('f', 'p', 'w')
    and n.nspname = any (current_setting('pgphase.namespaces')::text[])
    --? extension members
    and p.oid not in (
        select e.objid from pg_depend e
        where e.refclassid = 'pg_extension'::regclass and e.classid = 'pg_proc'::regclass and e.deptype = 'e'
    )
    --.
    --? range types
    -- The constructors of a range type.
    and p.oid not in (
        select e.objid from pg_depend e
        where e.refclassid = 'pg_type'::regclass and e.classid = 'pg_proc'::regclass and e.deptype = 'i'
    )
    --.
order by n.nspname, p.proname, p.proargtypes;
