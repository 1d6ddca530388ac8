-- Subscriptions of this database. Options are younger than PostgreSQL 14: where pg_subscription has no such column, its name
-- means the null around the inner query. Only some roles may read the connection, because it holds passwords, and naming the
-- column would fail for the others: it is read by a query of its own, as hexadecimal digits that XML leaves as they are.
select s.subscription
from (
    select
        null::"char" as subtwophasestate,
        null::boolean as subdisableonerr,
        null::boolean as subpasswordrequired,
        null::boolean as subrunasowner,
        null::boolean as subfailover,
        null::text as suborigin
) absent
cross join lateral (
    select
        s.subname,
        json_build_object(
            'name', s.subname,
            'connection', case
                when has_column_privilege('pg_catalog.pg_subscription', 'subconninfo', 'select') then convert_from(
                    decode(
                        coalesce(
                            substring(
                                query_to_xml(
                                    format(
                                        'select encode(convert_to(subconninfo, ''UTF8''), ''hex'') as digits '
                                        'from pg_catalog.pg_subscription where oid = %s',
                                        s.oid
                                    ),
                                    true,
                                    true,
                                    ''
                                )::text
                                from '<digits>([0-9a-f]*)</digits>'
                            ),
                            ''
                        ),
                        'hex'
                    ),
                    'UTF8'
                )
                else ''
            end,
            'hidden', not has_column_privilege('pg_catalog.pg_subscription', 'subconninfo', 'select'),
            'publications', (select json_agg(name order by name) from unnest(s.subpublications) name),
            'enabled', s.subenabled,
            'slot', coalesce(s.subslotname::text, ''),
            'options', json_build_object(
                'binary', s.subbinary,
                -- Before PostgreSQL 16 it is a boolean.
                'streaming', case s.substream::text
                    when 'true' then 'on' when 't' then 'on' when 'p' then 'parallel' else 'off'
                end,
                'two_phase', coalesce(subtwophasestate <> 'd', false),
                'disable_on_error', coalesce(subdisableonerr, false),
                'synchronous_commit', nullif(s.subsynccommit, 'off'),
                'without_password', not coalesce(subpasswordrequired, true),
                'run_as_owner', coalesce(subrunasowner, false),
                'origin', nullif(suborigin, 'any'),
                'failover', coalesce(subfailover, false)
            )
        ) as subscription
    from pg_subscription s
    where s.subdbid = (select d.oid from pg_database d where d.datname = current_database())
        and current_setting('pgphase.all') = 'on'
) s
order by s.subname;
