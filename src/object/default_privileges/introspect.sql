-- Default privileges. Of the role's own those are told that it withholds from itself; PUBLIC is an empty name.
select json_build_object(
    'role', pg_get_userbyid(d.defaclrole),
    'namespace', n.nspname,
    'class', case d.defaclobjtype
        when 'r' then 'TABLES' when 'S' then 'SEQUENCES' when 'f' then 'FUNCTIONS' when 'T' then 'TYPES'
        when 'n' then 'SCHEMAS' else 'LARGE OBJECTS'
    end,
    'grants', coalesce(
        (
            select json_object_agg(grantee.name, grantee.privileges order by grantee.name)
            from (
                select privilege.name, json_object_agg(privilege.type, privilege.grantable order by privilege.type) as privileges
                from (
                    select
                        case x.grantee when 0 then '' else pg_get_userbyid(x.grantee)::text end as name,
                        x.privilege_type as type,
                        bool_or(x.is_grantable) as grantable
                    from aclexplode(d.defaclacl) x
                    -- In a namespace they come in addition.
                    where x.grantee <> d.defaclrole or d.defaclnamespace <> 0
                    group by x.grantee, x.privilege_type
                ) privilege
                group by privilege.name
            ) grantee
        ),
        '{}'
    ),
    'withheld', coalesce(
        (
            select json_build_object(pg_get_userbyid(d.defaclrole), json_agg(lost.privilege_type order by lost.privilege_type))
            from (
                select x.privilege_type
                from aclexplode(acldefault(case d.defaclobjtype when 'S' then 's' else d.defaclobjtype end, d.defaclrole)) x
                where d.defaclnamespace = 0 and d.defaclobjtype <> 'L' and x.grantee = d.defaclrole
                except
                select x.privilege_type
                from aclexplode(d.defaclacl) x
                where x.grantee = d.defaclrole
            ) lost
            having count(*) > 0
        ),
        '{}'
    )
)
from pg_default_acl d
left join pg_namespace n on n.oid = d.defaclnamespace
where d.defaclnamespace = 0 and current_setting('pgphase.all') = 'on'
    or n.nspname = any (current_setting('pgphase.namespaces')::text[])
order by pg_get_userbyid(d.defaclrole), n.nspname nulls first, d.defaclobjtype;
