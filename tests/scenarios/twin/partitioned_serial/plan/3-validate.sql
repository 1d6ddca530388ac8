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

-- step validate-1 [85a9356c411a]: check that no rows of public.visits hold another value in pgphase_id_new than in id
--   number:      1 of 8 in this phase
--   why:         Asked before any lock is taken.
--   locks:       ACCESS SHARE on public.visits (reads and writes go on)
--   duration:    grows with the table: reads all of public.visits_0, public.visits_1
--   transaction: none needed: it only reads
SET lock_timeout = '5s';
SET search_path = DEFAULT;
DO $$
#variable_conflict use_column
DECLARE
    found bigint;
    sample text;
BEGIN
    SELECT pg_catalog.count(*) INTO found FROM (SELECT * FROM public.visits WHERE ROW(pgphase_id_new)::record OPERATOR(pg_catalog.*<>) ROW((id)::bigint)::record) AS pgphase_row;
    IF found > 0 THEN
        SELECT pg_catalog.string_agg(named, '; ') INTO sample FROM (
            SELECT (
                SELECT pg_catalog.string_agg(key || ' = ' || coalesce(pg_catalog.left(value, 60), 'null'), ', ')
                FROM pg_catalog.jsonb_each_text(pg_catalog.to_jsonb(pgphase_row))
                WHERE key = ANY (ARRAY[]::text[]) OR key IN (
                    SELECT a.attname FROM pg_catalog.pg_index i
                    JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
                    WHERE i.indrelid = 'public.visits'::pg_catalog.regclass AND i.indisprimary
                )
            ) FROM (SELECT * FROM public.visits WHERE ROW(pgphase_id_new)::record OPERATOR(pg_catalog.*<>) ROW((id)::bigint)::record) AS pgphase_row LIMIT 3
        ) AS picked (named);
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = found || CASE WHEN found = 1 THEN ' row of public.visits holds another value in pgphase_id_new than in id' ELSE ' rows of public.visits hold another value in pgphase_id_new than in id' END,
            DETAIL = coalesce('Among them: ' || sample, 'They have no primary key to name them by.'),
            HINT = 'Correct these rows, then run the phase again.';
    END IF;
END
$$;

-- step validate-2 [a3f870c6b1e7]: add constraint public.visits.pgphase_id_copied
--   number:      2 of 8 in this phase
--   why:         The proof that every row is copied.
--   locks:       ACCESS EXCLUSIVE on public.visits (reads and writes wait), ACCESS EXCLUSIVE on public.visits_0 (reads and writes wait), ACCESS EXCLUSIVE on public.visits_1 (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.visits ADD CONSTRAINT pgphase_id_copied CHECK (pgphase_id_new IS NOT NULL OR id IS NULL) NOT VALID;
COMMIT;

-- step validate-3 [659c3703fee3]: validate constraint public.visits.pgphase_id_copied
--   number:      3 of 8 in this phase
--   why:         Apart from ADD, so that reads and writes go on while existing rows are checked.
--   locks:       SHARE UPDATE EXCLUSIVE on public.visits (reads and writes go on), SHARE UPDATE EXCLUSIVE on public.visits_0 (reads and writes go on), SHARE UPDATE EXCLUSIVE on public.visits_1 (reads and writes go on)
--   duration:    grows with the table: reads all of public.visits_0, public.visits_1
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '10s';
SET LOCAL search_path = DEFAULT;
ALTER TABLE public.visits VALIDATE CONSTRAINT pgphase_id_copied;
COMMIT;

-- step validate-4 [c53b7c68ee13]: create index public.pgphase_visits_0_pkey_new concurrently
--   number:      4 of 8 in this phase
--   why:         Reads and writes go on while it is built.
--   locks:       SHARE UPDATE EXCLUSIVE on public.visits_0 (reads and writes go on)
--   duration:    grows with the table: reads all of public.visits_0, builds an index on public.visits_0
--   transaction: none: PostgreSQL does not allow one here
SET lock_timeout = 0;
SET search_path = public;
CREATE UNIQUE INDEX CONCURRENTLY pgphase_visits_0_pkey_new ON public.visits_0 USING btree (pgphase_id_new, site);

-- step validate-5 [dced0cca19fe]: create index public.pgphase_visits_1_pkey_new concurrently
--   number:      5 of 8 in this phase
--   why:         Reads and writes go on while it is built.
--   locks:       SHARE UPDATE EXCLUSIVE on public.visits_1 (reads and writes go on)
--   duration:    grows with the table: reads all of public.visits_1, builds an index on public.visits_1
--   transaction: none: PostgreSQL does not allow one here
SET lock_timeout = 0;
SET search_path = public;
CREATE UNIQUE INDEX CONCURRENTLY pgphase_visits_1_pkey_new ON public.visits_1 USING btree (pgphase_id_new, site);

-- step validate-6 [5f288135cd2c]: check that no rows of public.visits hold a null in pgphase_id_new
--   number:      6 of 8 in this phase
--   why:         Asked before any lock is taken.
--   locks:       ACCESS SHARE on public.visits (reads and writes go on)
--   duration:    grows with the table: reads all of public.visits_0, public.visits_1
--   transaction: none needed: it only reads
SET lock_timeout = '5s';
SET search_path = DEFAULT;
DO $$
#variable_conflict use_column
DECLARE
    found bigint;
    sample text;
BEGIN
    SELECT pg_catalog.count(*) INTO found FROM (SELECT * FROM public.visits WHERE pgphase_id_new IS NULL) AS pgphase_row;
    IF found > 0 THEN
        SELECT pg_catalog.string_agg(named, '; ') INTO sample FROM (
            SELECT (
                SELECT pg_catalog.string_agg(key || ' = ' || coalesce(pg_catalog.left(value, 60), 'null'), ', ')
                FROM pg_catalog.jsonb_each_text(pg_catalog.to_jsonb(pgphase_row))
                WHERE key = ANY (ARRAY[]::text[]) OR key IN (
                    SELECT a.attname FROM pg_catalog.pg_index i
                    JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
                    WHERE i.indrelid = 'public.visits'::pg_catalog.regclass AND i.indisprimary
                )
            ) FROM (SELECT * FROM public.visits WHERE pgphase_id_new IS NULL) AS pgphase_row LIMIT 3
        ) AS picked (named);
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = found || CASE WHEN found = 1 THEN ' row of public.visits holds a null in pgphase_id_new' ELSE ' rows of public.visits hold a null in pgphase_id_new' END,
            DETAIL = coalesce('Among them: ' || sample, 'They have no primary key to name them by.'),
            HINT = 'Correct these rows, then run the phase again.';
    END IF;
END
$$;

-- step validate-7 [6a64ace1fb85]: add constraint public.visits.pgphase_id_not_null
--   number:      7 of 8 in this phase
--   why:         It proves later that no row holds a null.
--   locks:       ACCESS EXCLUSIVE on public.visits (reads and writes wait), ACCESS EXCLUSIVE on public.visits_0 (reads and writes wait), ACCESS EXCLUSIVE on public.visits_1 (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.visits ADD CONSTRAINT pgphase_id_not_null CHECK (pgphase_id_new IS NOT NULL) NOT VALID;
COMMIT;

-- step validate-8 [8ab6e6447196]: validate constraint public.visits.pgphase_id_not_null
--   number:      8 of 8 in this phase
--   why:         Apart from ADD, so that reads and writes go on while existing rows are checked.
--   locks:       SHARE UPDATE EXCLUSIVE on public.visits (reads and writes go on), SHARE UPDATE EXCLUSIVE on public.visits_0 (reads and writes go on), SHARE UPDATE EXCLUSIVE on public.visits_1 (reads and writes go on)
--   duration:    grows with the table: reads all of public.visits_0, public.visits_1
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '10s';
SET LOCAL search_path = DEFAULT;
ALTER TABLE public.visits VALIDATE CONSTRAINT pgphase_id_not_null;
COMMIT;
