-- What every introspection query relies on. In psql:
--     begin; \i src/introspect/session.sql
--     \i src/object/table/introspect.sql
-- The names of everything outside pg_catalog are printed qualified, and literals always in the same style.
select
    set_config('search_path', '', true),
    set_config('DateStyle', 'ISO, YMD', true),
    set_config('IntervalStyle', 'postgres', true),
    set_config('TimeZone', 'UTC', true),
    set_config('extra_float_digits', '1', true),
    set_config('bytea_output', 'hex', true),
    set_config('quote_all_identifiers', 'off', true),
    -- Compiling catalog queries takes longer than running them.
    set_config('jit', 'off', true),
    -- Nor is it worth while to think of every way to run them: without these the plans are as good, and made sooner.
    set_config('enable_incremental_sort', 'off', true),
    set_config('enable_material', 'off', true),
    set_config('enable_memoize', 'off', true),
    set_config('enable_mergejoin', 'off', true),
    -- Enough to sort the columns of ten thousand tables without files.
    set_config('work_mem', '64MB', true),
    -- Whether objects that live in no namespace are looked at; `pgphase.only` names the managed namespaces.
    set_config('pgphase.all', case when coalesce(current_setting('pgphase.only', true), '') = '' then 'on' else 'off' end, true),
    set_config(
        'pgphase.namespaces',
        (
            select coalesce(array_agg(n.nspname::text), '{}')::text
            from pg_namespace n
            where left(n.nspname, 3) <> 'pg_'
                and n.nspname not in ('information_schema', 'pgphase')
                and (
                    coalesce(current_setting('pgphase.only', true), '') = ''
                    or n.nspname = any (nullif(current_setting('pgphase.only', true), '')::text[])
                )
        ),
        true
    );
