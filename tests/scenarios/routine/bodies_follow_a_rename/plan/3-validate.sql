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

-- step validate-1 [b2fbd7aa07f1]: check that no rows of public.people hold another value in full_name than in name
--   number:      1 of 8 in this phase
--   why:         Asked before any lock is taken.
--   locks:       ACCESS SHARE on public.people (reads and writes go on)
--   duration:    grows with the table: reads all of public.people
--   transaction: none needed: it only reads
SET lock_timeout = '5s';
SET search_path = DEFAULT;
DO $$
#variable_conflict use_column
DECLARE
    found bigint;
    sample text;
BEGIN
    SELECT pg_catalog.count(*) INTO found FROM (SELECT * FROM public.people WHERE ROW(full_name)::record OPERATOR(pg_catalog.*<>) ROW((name)::text)::record) AS pgphase_row;
    IF found > 0 THEN
        SELECT pg_catalog.string_agg(named, '; ') INTO sample FROM (
            SELECT (
                SELECT pg_catalog.string_agg(key || ' = ' || coalesce(pg_catalog.left(value, 60), 'null'), ', ')
                FROM pg_catalog.jsonb_each_text(pg_catalog.to_jsonb(pgphase_row))
                WHERE key = ANY (ARRAY[]::text[]) OR key IN (
                    SELECT a.attname FROM pg_catalog.pg_index i
                    JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
                    WHERE i.indrelid = 'public.people'::pg_catalog.regclass AND i.indisprimary
                )
            ) FROM (SELECT * FROM public.people WHERE ROW(full_name)::record OPERATOR(pg_catalog.*<>) ROW((name)::text)::record) AS pgphase_row LIMIT 3
        ) AS picked (named);
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = found || CASE WHEN found = 1 THEN ' row of public.people holds another value in full_name than in name' ELSE ' rows of public.people hold another value in full_name than in name' END,
            DETAIL = coalesce('Among them: ' || sample, 'They have no primary key to name them by.'),
            HINT = 'Correct these rows, then run the phase again.';
    END IF;
END
$$;

-- step validate-2 [e6b4a59a2907]: add constraint public.people.pgphase_name_copied
--   number:      2 of 8 in this phase
--   why:         The proof that every row is copied.
--   locks:       ACCESS EXCLUSIVE on public.people (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.people ADD CONSTRAINT pgphase_name_copied CHECK (full_name IS NOT NULL OR name IS NULL) NOT VALID;
COMMIT;

-- step validate-3 [7210d6fb2285]: validate constraint public.people.pgphase_name_copied
--   number:      3 of 8 in this phase
--   why:         Apart from ADD, so that reads and writes go on while existing rows are checked.
--   locks:       SHARE UPDATE EXCLUSIVE on public.people (reads and writes go on)
--   duration:    grows with the table: reads all of public.people
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '10s';
SET LOCAL search_path = DEFAULT;
ALTER TABLE public.people VALIDATE CONSTRAINT pgphase_name_copied;
COMMIT;

-- step validate-4 [24d469fd5a03]: check that no rows of public.people hold a null in full_name
--   number:      4 of 8 in this phase
--   why:         Asked before any lock is taken.
--   locks:       ACCESS SHARE on public.people (reads and writes go on)
--   duration:    grows with the table: reads all of public.people
--   transaction: none needed: it only reads
SET lock_timeout = '5s';
SET search_path = DEFAULT;
DO $$
#variable_conflict use_column
DECLARE
    found bigint;
    sample text;
BEGIN
    SELECT pg_catalog.count(*) INTO found FROM (SELECT * FROM public.people WHERE full_name IS NULL) AS pgphase_row;
    IF found > 0 THEN
        SELECT pg_catalog.string_agg(named, '; ') INTO sample FROM (
            SELECT (
                SELECT pg_catalog.string_agg(key || ' = ' || coalesce(pg_catalog.left(value, 60), 'null'), ', ')
                FROM pg_catalog.jsonb_each_text(pg_catalog.to_jsonb(pgphase_row))
                WHERE key = ANY (ARRAY[]::text[]) OR key IN (
                    SELECT a.attname FROM pg_catalog.pg_index i
                    JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
                    WHERE i.indrelid = 'public.people'::pg_catalog.regclass AND i.indisprimary
                )
            ) FROM (SELECT * FROM public.people WHERE full_name IS NULL) AS pgphase_row LIMIT 3
        ) AS picked (named);
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = found || CASE WHEN found = 1 THEN ' row of public.people holds a null in full_name' ELSE ' rows of public.people hold a null in full_name' END,
            DETAIL = coalesce('Among them: ' || sample, 'They have no primary key to name them by.'),
            HINT = 'Correct these rows, then run the phase again.';
    END IF;
END
$$;

-- step validate-5 [6b89968e0d6a]: add constraint public.people.pgphase_full_name_not_null
--   number:      5 of 8 in this phase
--   why:         New rows are checked from here on; the table is not read.
--   locks:       ACCESS EXCLUSIVE on public.people (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.people ADD CONSTRAINT pgphase_full_name_not_null CHECK (full_name IS NOT NULL) NOT VALID;
COMMIT;

-- step validate-6 [f596d7298265]: validate constraint public.people.pgphase_full_name_not_null
--   number:      6 of 8 in this phase
--   why:         Reads and writes go on while existing rows are checked.
--   locks:       SHARE UPDATE EXCLUSIVE on public.people (reads and writes go on)
--   duration:    grows with the table: reads all of public.people
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '10s';
SET LOCAL search_path = DEFAULT;
ALTER TABLE public.people VALIDATE CONSTRAINT pgphase_full_name_not_null;
COMMIT;

-- step validate-7 [b7017e720a14]: set column public.people.full_name not null
--   number:      7 of 8 in this phase
--   why:         The valid check proves it, so nothing is scanned.
--   locks:       ACCESS EXCLUSIVE on public.people (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.people ALTER COLUMN full_name SET NOT NULL;
COMMIT;

-- step validate-8 [f56244f6c14a]: drop constraint public.people.pgphase_full_name_not_null
--   number:      8 of 8 in this phase
--   why:         Only apart from SET NOT NULL: in one statement the proof would not count.
--   locks:       ACCESS EXCLUSIVE on public.people (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.people DROP CONSTRAINT pgphase_full_name_not_null;
COMMIT;
