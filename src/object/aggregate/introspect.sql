-- Aggregate functions. Arguments behind `ORDER BY` come after the direct ones.
select json_build_object(
    'name', json_build_object('namespace', n.nspname, 'name', p.proname),
    'arguments', arguments.direct,
    'order_by', arguments.aggregated,
    'hypothetical', g.aggkind = 'h',
    'transition', functions.transition,
    'state_type', format_type(g.aggtranstype, null),
    'functions', functions.others,
    'moving_state_type', case when g.aggmtranstype <> 0 then format_type(g.aggmtranstype, null) end,
    'parameters', parameters.list
)
from pg_aggregate g
join pg_proc p on p.oid = g.aggfnoid
join pg_namespace n on n.oid = p.pronamespace
cross join lateral (
    select
        coalesce(
            json_agg(argument.item order by argument.at)
                filter (where g.aggkind = 'n' or argument.at <= g.aggnumdirectargs),
            '[]'
        ) as direct,
        coalesce(
            json_agg(argument.item order by argument.at) filter (
                -- A variadic direct argument stands for the aggregated ones too.
                where g.aggkind <> 'n'
                    and (argument.at > g.aggnumdirectargs or (g.aggnumdirectargs >= p.pronargs and argument.at = p.pronargs))
            ),
            '[]'
        ) as aggregated
    from (
        select a.at, json_build_object(
            'mode', case a.mode when 'v' then 'variadic' else 'in' end,
            'name', nullif(a.name, ''),
            'type_name', format_type(a.type, null)
        ) as item
        from unnest(coalesce(p.proallargtypes, p.proargtypes::oid[]), p.proargmodes, p.proargnames)
            with ordinality a (type, mode, name, at)
    ) argument
) arguments
cross join lateral (
    select
        (array_agg(f.name) filter (where f.role = 'sfunc'))[1] as transition,
        coalesce(json_object_agg(f.role, f.name order by f.role) filter (where f.role <> 'sfunc'), '{}') as others
    from (
        select u.role, json_build_object('namespace', nullif(un.nspname, 'pg_catalog'), 'name', up.proname) as name
        from (
            values
                ('sfunc', g.aggtransfn), ('finalfunc', g.aggfinalfn), ('combinefunc', g.aggcombinefn),
                ('serialfunc', g.aggserialfn), ('deserialfunc', g.aggdeserialfn), ('msfunc', g.aggmtransfn),
                ('minvfunc', g.aggminvtransfn), ('mfinalfunc', g.aggmfinalfn)
        ) u (role, function)
        join pg_proc up on up.oid = u.function
        join pg_namespace un on un.oid = up.pronamespace
    ) f
) functions
cross join lateral (
    select coalesce(json_object_agg(v.name, v.value order by v.name) filter (where v.value is not null), '{}') as list
    from (
        values
            ('sspace', nullif(g.aggtransspace, 0)::text),
            ('initcond', g.agginitval),
            ('finalfunc_extra', case when g.aggfinalextra then 'true' end),
            ('finalfunc_modify', nullif(g.aggfinalmodify, case when g.aggkind = 'n' then 'r' else 'w' end)::text),
            ('msspace', nullif(g.aggmtransspace, 0)::text),
            ('minitcond', g.aggminitval),
            ('mfinalfunc_extra', case when g.aggmfinalextra then 'true' end),
            ('mfinalfunc_modify', nullif(g.aggmfinalmodify, case when g.aggkind = 'n' then 'r' else 'w' end)::text),
            ('parallel', nullif(p.proparallel, 'u')::text),
            (
                'sortop',
                (
                    select case when sn.nspname = 'pg_catalog' then s.oprname::text
                        else format('OPERATOR(%I.%s)', sn.nspname, s.oprname)
                    end
                    from pg_operator s
                    join pg_namespace sn on sn.oid = s.oprnamespace
                    where s.oid = g.aggsortop
                )
            )
    ) v (name, value)
) parameters
where n.nspname = any (current_setting('pgphase.namespaces')::text[])
    --? extension members
    and p.oid not in (
        select e.objid from pg_depend e
        where e.refclassid = 'pg_extension'::regclass and e.classid = 'pg_proc'::regclass and e.deptype = 'e'
    )
    --.
order by n.nspname, p.proname, p.proargtypes;
