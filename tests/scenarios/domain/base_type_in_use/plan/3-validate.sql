-- Plan forward, phase 3 of 4: validate, for PostgreSQL 15.
-- Runs with: pgphase apply . --phase validate; or with: psql -X -f 3-validate.sql
-- Checksums of the steps are in plan.yaml: change the schema files and plan again rather than this file.

\set ON_ERROR_STOP on
SET client_min_messages = warning;
SET statement_timeout = 0;
SET idle_in_transaction_session_timeout = '60s';
SET standard_conforming_strings = on;
SET check_function_bodies = off;
SET default_transaction_isolation = 'read committed';
SET row_security = off;

-- step validate-1 [914594ad3c4d]: check that no rows of public.orders hold another value in pgphase_total_new than in total
--   number:      1 of 17 in this phase
--   why:         Asked before any lock is taken.
--   locks:       ACCESS SHARE on public.orders (reads and writes go on)
--   duration:    grows with the table: reads all of public.orders
--   transaction: none needed: it only reads
SET lock_timeout = '5s';
SET search_path = DEFAULT;
DO $$
#variable_conflict use_column
DECLARE
    found bigint;
    sample text;
BEGIN
    SELECT pg_catalog.count(*) INTO found FROM (SELECT * FROM public.orders WHERE ROW(pgphase_total_new)::record OPERATOR(pg_catalog.*<>) ROW((total)::public.pgphase_amount_new)::record) AS pgphase_row;
    IF found > 0 THEN
        SELECT pg_catalog.string_agg(named, '; ') INTO sample FROM (
            SELECT (
                SELECT pg_catalog.string_agg(key || ' = ' || coalesce(pg_catalog.left(value, 60), 'null'), ', ')
                FROM pg_catalog.jsonb_each_text(pg_catalog.to_jsonb(pgphase_row))
                WHERE key = ANY (ARRAY[]::text[]) OR key IN (
                    SELECT a.attname FROM pg_catalog.pg_index i
                    JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
                    WHERE i.indrelid = 'public.orders'::pg_catalog.regclass AND i.indisprimary
                )
            ) FROM (SELECT * FROM public.orders WHERE ROW(pgphase_total_new)::record OPERATOR(pg_catalog.*<>) ROW((total)::public.pgphase_amount_new)::record) AS pgphase_row LIMIT 3
        ) AS picked (named);
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = found || CASE WHEN found = 1 THEN ' row of public.orders holds another value in pgphase_total_new than in total' ELSE ' rows of public.orders hold another value in pgphase_total_new than in total' END,
            DETAIL = coalesce('Among them: ' || sample, 'They have no primary key to name them by.'),
            HINT = 'Correct these rows, then run the phase again.';
    END IF;
END
$$;

-- step validate-2 [a9fc9ba44173]: add constraint public.orders.pgphase_total_copied
--   number:      2 of 17 in this phase
--   why:         The proof that every row is copied.
--   locks:       ACCESS EXCLUSIVE on public.orders (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.orders ADD CONSTRAINT pgphase_total_copied CHECK (pgphase_total_new IS NOT NULL OR total IS NULL) NOT VALID;
COMMIT;

-- step validate-3 [ceda1a5e205e]: validate constraint public.orders.pgphase_total_copied
--   number:      3 of 17 in this phase
--   why:         Apart from ADD, so that reads and writes go on while existing rows are checked.
--   locks:       SHARE UPDATE EXCLUSIVE on public.orders (reads and writes go on)
--   duration:    grows with the table: reads all of public.orders
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '10s';
SET LOCAL search_path = DEFAULT;
ALTER TABLE public.orders VALIDATE CONSTRAINT pgphase_total_copied;
COMMIT;

-- step validate-4 [577e1229358f]: check that no rows of public.refunds hold another value in pgphase_total_new than in total
--   number:      4 of 17 in this phase
--   why:         Asked before any lock is taken.
--   locks:       ACCESS SHARE on public.refunds (reads and writes go on)
--   duration:    grows with the table: reads all of public.refunds
--   transaction: none needed: it only reads
SET lock_timeout = '5s';
SET search_path = DEFAULT;
DO $$
#variable_conflict use_column
DECLARE
    found bigint;
    sample text;
BEGIN
    SELECT pg_catalog.count(*) INTO found FROM (SELECT * FROM public.refunds WHERE ROW(pgphase_total_new)::record OPERATOR(pg_catalog.*<>) ROW((total)::public.pgphase_amount_new)::record) AS pgphase_row;
    IF found > 0 THEN
        SELECT pg_catalog.string_agg(named, '; ') INTO sample FROM (
            SELECT (
                SELECT pg_catalog.string_agg(key || ' = ' || coalesce(pg_catalog.left(value, 60), 'null'), ', ')
                FROM pg_catalog.jsonb_each_text(pg_catalog.to_jsonb(pgphase_row))
                WHERE key = ANY (ARRAY[]::text[]) OR key IN (
                    SELECT a.attname FROM pg_catalog.pg_index i
                    JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
                    WHERE i.indrelid = 'public.refunds'::pg_catalog.regclass AND i.indisprimary
                )
            ) FROM (SELECT * FROM public.refunds WHERE ROW(pgphase_total_new)::record OPERATOR(pg_catalog.*<>) ROW((total)::public.pgphase_amount_new)::record) AS pgphase_row LIMIT 3
        ) AS picked (named);
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = found || CASE WHEN found = 1 THEN ' row of public.refunds holds another value in pgphase_total_new than in total' ELSE ' rows of public.refunds hold another value in pgphase_total_new than in total' END,
            DETAIL = coalesce('Among them: ' || sample, 'They have no primary key to name them by.'),
            HINT = 'Correct these rows, then run the phase again.';
    END IF;
END
$$;

-- step validate-5 [6faf4eafe078]: add constraint public.refunds.pgphase_total_copied
--   number:      5 of 17 in this phase
--   why:         The proof that every row is copied.
--   locks:       ACCESS EXCLUSIVE on public.refunds (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.refunds ADD CONSTRAINT pgphase_total_copied CHECK (pgphase_total_new IS NOT NULL OR total IS NULL) NOT VALID;
COMMIT;

-- step validate-6 [686bbbaa6aff]: validate constraint public.refunds.pgphase_total_copied
--   number:      6 of 17 in this phase
--   why:         Apart from ADD, so that reads and writes go on while existing rows are checked.
--   locks:       SHARE UPDATE EXCLUSIVE on public.refunds (reads and writes go on)
--   duration:    grows with the table: reads all of public.refunds
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '10s';
SET LOCAL search_path = DEFAULT;
ALTER TABLE public.refunds VALIDATE CONSTRAINT pgphase_total_copied;
COMMIT;

-- step validate-7 [19605618ebc0]: check that no rows of public.orders violate positive in total
--   number:      7 of 17 in this phase
--   why:         Asked before any lock is taken.
--   locks:       ACCESS SHARE on public.orders (reads and writes go on)
--   duration:    grows with the table: reads all of public.orders
--   transaction: none needed: it only reads
SET lock_timeout = '5s';
SET search_path = DEFAULT;
DO $$
#variable_conflict use_column
DECLARE
    found bigint;
    sample text;
BEGIN
    SELECT pg_catalog.count(*) INTO found FROM (SELECT * FROM public.orders WHERE NOT (SELECT (VALUE > 0) FROM (SELECT pgphase_total_new) AS pgphase_value (value))) AS pgphase_row;
    IF found > 0 THEN
        SELECT pg_catalog.string_agg(named, '; ') INTO sample FROM (
            SELECT (
                SELECT pg_catalog.string_agg(key || ' = ' || coalesce(pg_catalog.left(value, 60), 'null'), ', ')
                FROM pg_catalog.jsonb_each_text(pg_catalog.to_jsonb(pgphase_row))
                WHERE key = ANY (ARRAY[]::text[]) OR key IN (
                    SELECT a.attname FROM pg_catalog.pg_index i
                    JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
                    WHERE i.indrelid = 'public.orders'::pg_catalog.regclass AND i.indisprimary
                )
            ) FROM (SELECT * FROM public.orders WHERE NOT (SELECT (VALUE > 0) FROM (SELECT pgphase_total_new) AS pgphase_value (value))) AS pgphase_row LIMIT 3
        ) AS picked (named);
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = found || CASE WHEN found = 1 THEN ' row of public.orders violates positive in total' ELSE ' rows of public.orders violate positive in total' END,
            DETAIL = coalesce('Among them: ' || sample, 'They have no primary key to name them by.'),
            HINT = 'Correct these rows, then run the phase again.';
    END IF;
END
$$;

-- step validate-8 [e4d368553b1e]: check that no rows of public.refunds violate positive in total
--   number:      8 of 17 in this phase
--   why:         Asked before any lock is taken.
--   locks:       ACCESS SHARE on public.refunds (reads and writes go on)
--   duration:    grows with the table: reads all of public.refunds
--   transaction: none needed: it only reads
SET lock_timeout = '5s';
SET search_path = DEFAULT;
DO $$
#variable_conflict use_column
DECLARE
    found bigint;
    sample text;
BEGIN
    SELECT pg_catalog.count(*) INTO found FROM (SELECT * FROM public.refunds WHERE NOT (SELECT (VALUE > 0) FROM (SELECT pgphase_total_new) AS pgphase_value (value))) AS pgphase_row;
    IF found > 0 THEN
        SELECT pg_catalog.string_agg(named, '; ') INTO sample FROM (
            SELECT (
                SELECT pg_catalog.string_agg(key || ' = ' || coalesce(pg_catalog.left(value, 60), 'null'), ', ')
                FROM pg_catalog.jsonb_each_text(pg_catalog.to_jsonb(pgphase_row))
                WHERE key = ANY (ARRAY[]::text[]) OR key IN (
                    SELECT a.attname FROM pg_catalog.pg_index i
                    JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
                    WHERE i.indrelid = 'public.refunds'::pg_catalog.regclass AND i.indisprimary
                )
            ) FROM (SELECT * FROM public.refunds WHERE NOT (SELECT (VALUE > 0) FROM (SELECT pgphase_total_new) AS pgphase_value (value))) AS pgphase_row LIMIT 3
        ) AS picked (named);
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = found || CASE WHEN found = 1 THEN ' row of public.refunds violates positive in total' ELSE ' rows of public.refunds violate positive in total' END,
            DETAIL = coalesce('Among them: ' || sample, 'They have no primary key to name them by.'),
            HINT = 'Correct these rows, then run the phase again.';
    END IF;
END
$$;

-- step validate-9 [986e5ab6013f]: add domain constraint public.pgphase_amount_new.positive
--   number:      9 of 17 in this phase
--   why:         New values are checked from here on; no table is locked.
--   locks:       none on existing tables
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER DOMAIN public.pgphase_amount_new ADD CONSTRAINT positive CHECK (VALUE > 0) NOT VALID;
COMMIT;

-- step validate-10 [90e6fd56c9a4]: validate domain constraint public.pgphase_amount_new.positive
--   number:      10 of 17 in this phase
--   locks:       SHARE on public.orders (writes wait), SHARE on public.refunds (writes wait)
--   duration:    grows with the table: reads all of public.orders, public.refunds
--   transaction: one of its own
--   hazard:      blocking-scan:table public.orders: Writes of public.orders wait while its values of the domain are checked.
--   hazard:      blocking-scan:table public.refunds: Writes of public.refunds wait while its values of the domain are checked.
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = DEFAULT;
ALTER DOMAIN public.pgphase_amount_new VALIDATE CONSTRAINT positive;
COMMIT;

-- step validate-11 [7a31bc7a588d]: create index public.pgphase_orders_total_idx_new concurrently
--   number:      11 of 17 in this phase
--   why:         Reads and writes go on while it is built.
--   locks:       SHARE UPDATE EXCLUSIVE on public.orders (reads and writes go on)
--   duration:    grows with the table: reads all of public.orders, builds an index on public.orders
--   transaction: none: PostgreSQL does not allow one here
SET lock_timeout = 0;
SET search_path = public;
CREATE INDEX CONCURRENTLY pgphase_orders_total_idx_new ON public.orders USING btree (pgphase_total_new);

-- step validate-12 [7a9eda347b41]: check that no rows of public.orders violate orders_total_check
--   number:      12 of 17 in this phase
--   why:         Asked before any lock is taken.
--   locks:       ACCESS SHARE on public.orders (reads and writes go on)
--   duration:    grows with the table: reads all of public.orders
--   transaction: none needed: it only reads
SET lock_timeout = '5s';
SET search_path = public;
DO $$
#variable_conflict use_column
DECLARE
    found bigint;
    sample text;
BEGIN
    SELECT pg_catalog.count(*) INTO found FROM (SELECT * FROM public.orders WHERE NOT (pgphase_total_new <> 7)) AS pgphase_row;
    IF found > 0 THEN
        SELECT pg_catalog.string_agg(named, '; ') INTO sample FROM (
            SELECT (
                SELECT pg_catalog.string_agg(key || ' = ' || coalesce(pg_catalog.left(value, 60), 'null'), ', ')
                FROM pg_catalog.jsonb_each_text(pg_catalog.to_jsonb(pgphase_row))
                WHERE key = ANY (ARRAY[]::text[]) OR key IN (
                    SELECT a.attname FROM pg_catalog.pg_index i
                    JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
                    WHERE i.indrelid = 'public.orders'::pg_catalog.regclass AND i.indisprimary
                )
            ) FROM (SELECT * FROM public.orders WHERE NOT (pgphase_total_new <> 7)) AS pgphase_row LIMIT 3
        ) AS picked (named);
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = found || CASE WHEN found = 1 THEN ' row of public.orders violates orders_total_check' ELSE ' rows of public.orders violate orders_total_check' END,
            DETAIL = coalesce('Among them: ' || sample, 'They have no primary key to name them by.'),
            HINT = 'Correct these rows, then run the phase again.';
    END IF;
END
$$;

-- step validate-13 [7b1ab9910e63]: add constraint public.orders.pgphase_orders_total_check_new
--   number:      13 of 17 in this phase
--   why:         The twin's own; it takes the name of the old one in the end.
--   locks:       ACCESS EXCLUSIVE on public.orders (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
ALTER TABLE public.orders ADD CONSTRAINT pgphase_orders_total_check_new CHECK (pgphase_total_new <> 7) NOT VALID;
COMMIT;

-- step validate-14 [51aa0aab3bd2]: validate constraint public.orders.pgphase_orders_total_check_new
--   number:      14 of 17 in this phase
--   why:         Apart from ADD, so that reads and writes go on while existing rows are checked.
--   locks:       SHARE UPDATE EXCLUSIVE on public.orders (reads and writes go on)
--   duration:    grows with the table: reads all of public.orders
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '10s';
SET LOCAL search_path = DEFAULT;
ALTER TABLE public.orders VALIDATE CONSTRAINT pgphase_orders_total_check_new;
COMMIT;

-- step validate-15 [c79de3ae5ef5]: check that no rows of public.orders hold a null in pgphase_total_new
--   number:      15 of 17 in this phase
--   why:         Asked before any lock is taken.
--   locks:       ACCESS SHARE on public.orders (reads and writes go on)
--   duration:    grows with the table: reads all of public.orders
--   transaction: none needed: it only reads
SET lock_timeout = '5s';
SET search_path = DEFAULT;
DO $$
#variable_conflict use_column
DECLARE
    found bigint;
    sample text;
BEGIN
    SELECT pg_catalog.count(*) INTO found FROM (SELECT * FROM public.orders WHERE pgphase_total_new IS NULL) AS pgphase_row;
    IF found > 0 THEN
        SELECT pg_catalog.string_agg(named, '; ') INTO sample FROM (
            SELECT (
                SELECT pg_catalog.string_agg(key || ' = ' || coalesce(pg_catalog.left(value, 60), 'null'), ', ')
                FROM pg_catalog.jsonb_each_text(pg_catalog.to_jsonb(pgphase_row))
                WHERE key = ANY (ARRAY[]::text[]) OR key IN (
                    SELECT a.attname FROM pg_catalog.pg_index i
                    JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
                    WHERE i.indrelid = 'public.orders'::pg_catalog.regclass AND i.indisprimary
                )
            ) FROM (SELECT * FROM public.orders WHERE pgphase_total_new IS NULL) AS pgphase_row LIMIT 3
        ) AS picked (named);
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = found || CASE WHEN found = 1 THEN ' row of public.orders holds a null in pgphase_total_new' ELSE ' rows of public.orders hold a null in pgphase_total_new' END,
            DETAIL = coalesce('Among them: ' || sample, 'They have no primary key to name them by.'),
            HINT = 'Correct these rows, then run the phase again.';
    END IF;
END
$$;

-- step validate-16 [4fca8af4c76b]: add constraint public.orders.pgphase_total_not_null
--   number:      16 of 17 in this phase
--   why:         It proves later that no row holds a null.
--   locks:       ACCESS EXCLUSIVE on public.orders (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.orders ADD CONSTRAINT pgphase_total_not_null CHECK (pgphase_total_new IS NOT NULL) NOT VALID;
COMMIT;

-- step validate-17 [a9d17fdd62f0]: validate constraint public.orders.pgphase_total_not_null
--   number:      17 of 17 in this phase
--   why:         Apart from ADD, so that reads and writes go on while existing rows are checked.
--   locks:       SHARE UPDATE EXCLUSIVE on public.orders (reads and writes go on)
--   duration:    grows with the table: reads all of public.orders
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '10s';
SET LOCAL search_path = DEFAULT;
ALTER TABLE public.orders VALIDATE CONSTRAINT pgphase_total_not_null;
COMMIT;
