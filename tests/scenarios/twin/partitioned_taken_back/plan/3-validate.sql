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

-- step validate-1 [94502fe6f80a]: check that no rows of public.visits hold another value in remark than in note
--   number:      1 of 11 in this phase
--   why:         Asked before any lock is taken.
--   locks:       ACCESS SHARE on public.visits (reads and writes go on)
--   duration:    grows with the table: reads all of public.visits_0, public.visits_rest_0
--   transaction: none needed: it only reads
SET lock_timeout = '5s';
SET search_path = DEFAULT;
DO $$
#variable_conflict use_column
DECLARE
    found bigint;
    sample text;
BEGIN
    SELECT pg_catalog.count(*) INTO found FROM (SELECT * FROM public.visits WHERE ROW(remark)::record OPERATOR(pg_catalog.*<>) ROW((note)::text)::record) AS pgphase_row;
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
            ) FROM (SELECT * FROM public.visits WHERE ROW(remark)::record OPERATOR(pg_catalog.*<>) ROW((note)::text)::record) AS pgphase_row LIMIT 3
        ) AS picked (named);
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = found || CASE WHEN found = 1 THEN ' row of public.visits holds another value in remark than in note' ELSE ' rows of public.visits hold another value in remark than in note' END,
            DETAIL = coalesce('Among them: ' || sample, 'They have no primary key to name them by.'),
            HINT = 'Correct these rows, then run the phase again.';
    END IF;
END
$$;

-- step validate-2 [465fde698836]: add constraint public.visits.pgphase_note_copied
--   number:      2 of 11 in this phase
--   why:         The proof that every row is copied.
--   locks:       ACCESS EXCLUSIVE on public.visits (reads and writes wait), ACCESS EXCLUSIVE on public.visits_0 (reads and writes wait), ACCESS EXCLUSIVE on public.visits_rest (reads and writes wait), ACCESS EXCLUSIVE on public.visits_rest_0 (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.visits ADD CONSTRAINT pgphase_note_copied CHECK (remark IS NOT NULL OR note IS NULL) NOT VALID;
COMMIT;

-- step validate-3 [37cd733d6500]: validate constraint public.visits.pgphase_note_copied
--   number:      3 of 11 in this phase
--   why:         Apart from ADD, so that reads and writes go on while existing rows are checked.
--   locks:       SHARE UPDATE EXCLUSIVE on public.visits (reads and writes go on), SHARE UPDATE EXCLUSIVE on public.visits_0 (reads and writes go on), SHARE UPDATE EXCLUSIVE on public.visits_rest (reads and writes go on), SHARE UPDATE EXCLUSIVE on public.visits_rest_0 (reads and writes go on)
--   duration:    grows with the table: reads all of public.visits_0, public.visits_rest_0
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '10s';
SET LOCAL search_path = DEFAULT;
ALTER TABLE public.visits VALIDATE CONSTRAINT pgphase_note_copied;
COMMIT;

-- step validate-4 [1f006d42ee6b]: check that no rows of public.visits hold another value in pgphase_amount_new than in amount
--   number:      4 of 11 in this phase
--   why:         Asked before any lock is taken.
--   locks:       ACCESS SHARE on public.visits (reads and writes go on)
--   duration:    grows with the table: reads all of public.visits_0, public.visits_rest_0
--   transaction: none needed: it only reads
SET lock_timeout = '5s';
SET search_path = DEFAULT;
DO $$
#variable_conflict use_column
DECLARE
    found bigint;
    sample text;
BEGIN
    SELECT pg_catalog.count(*) INTO found FROM (SELECT * FROM public.visits WHERE ROW(pgphase_amount_new)::record OPERATOR(pg_catalog.*<>) ROW((amount)::bigint)::record) AS pgphase_row;
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
            ) FROM (SELECT * FROM public.visits WHERE ROW(pgphase_amount_new)::record OPERATOR(pg_catalog.*<>) ROW((amount)::bigint)::record) AS pgphase_row LIMIT 3
        ) AS picked (named);
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = found || CASE WHEN found = 1 THEN ' row of public.visits holds another value in pgphase_amount_new than in amount' ELSE ' rows of public.visits hold another value in pgphase_amount_new than in amount' END,
            DETAIL = coalesce('Among them: ' || sample, 'They have no primary key to name them by.'),
            HINT = 'Correct these rows, then run the phase again.';
    END IF;
END
$$;

-- step validate-5 [4844a6de89c3]: add constraint public.visits.pgphase_amount_copied
--   number:      5 of 11 in this phase
--   why:         The proof that every row is copied.
--   locks:       ACCESS EXCLUSIVE on public.visits (reads and writes wait), ACCESS EXCLUSIVE on public.visits_0 (reads and writes wait), ACCESS EXCLUSIVE on public.visits_rest (reads and writes wait), ACCESS EXCLUSIVE on public.visits_rest_0 (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.visits ADD CONSTRAINT pgphase_amount_copied CHECK (pgphase_amount_new IS NOT NULL OR amount IS NULL) NOT VALID;
COMMIT;

-- step validate-6 [c36181edafef]: validate constraint public.visits.pgphase_amount_copied
--   number:      6 of 11 in this phase
--   why:         Apart from ADD, so that reads and writes go on while existing rows are checked.
--   locks:       SHARE UPDATE EXCLUSIVE on public.visits (reads and writes go on), SHARE UPDATE EXCLUSIVE on public.visits_0 (reads and writes go on), SHARE UPDATE EXCLUSIVE on public.visits_rest (reads and writes go on), SHARE UPDATE EXCLUSIVE on public.visits_rest_0 (reads and writes go on)
--   duration:    grows with the table: reads all of public.visits_0, public.visits_rest_0
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '10s';
SET LOCAL search_path = DEFAULT;
ALTER TABLE public.visits VALIDATE CONSTRAINT pgphase_amount_copied;
COMMIT;

-- step validate-7 [ee4164c8bec1]: add constraint public.visits.pgphase_visits_amount_new
--   number:      7 of 11 in this phase
--   why:         The twin's own; it takes the name of the old one in the end.
--   locks:       ACCESS EXCLUSIVE on public.visits (reads and writes wait), ACCESS EXCLUSIVE on public.visits_0 (reads and writes wait), ACCESS EXCLUSIVE on public.visits_rest (reads and writes wait), ACCESS EXCLUSIVE on public.visits_rest_0 (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.visits ADD CONSTRAINT pgphase_visits_amount_new CHECK (pgphase_amount_new > 0) NOT VALID;
COMMIT;

-- step validate-8 [23dfc4592de9]: validate constraint public.visits.pgphase_visits_amount_new
--   number:      8 of 11 in this phase
--   why:         Apart from ADD, so that reads and writes go on while existing rows are checked.
--   locks:       SHARE UPDATE EXCLUSIVE on public.visits (reads and writes go on), SHARE UPDATE EXCLUSIVE on public.visits_0 (reads and writes go on), SHARE UPDATE EXCLUSIVE on public.visits_rest (reads and writes go on), SHARE UPDATE EXCLUSIVE on public.visits_rest_0 (reads and writes go on)
--   duration:    grows with the table: reads all of public.visits_0, public.visits_rest_0
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '10s';
SET LOCAL search_path = DEFAULT;
ALTER TABLE public.visits VALIDATE CONSTRAINT pgphase_visits_amount_new;
COMMIT;

-- step validate-9 [c6dd9a1ce942]: check that no rows of public.visits hold a null in pgphase_amount_new
--   number:      9 of 11 in this phase
--   why:         Asked before any lock is taken.
--   locks:       ACCESS SHARE on public.visits (reads and writes go on)
--   duration:    grows with the table: reads all of public.visits_0, public.visits_rest_0
--   transaction: none needed: it only reads
SET lock_timeout = '5s';
SET search_path = DEFAULT;
DO $$
#variable_conflict use_column
DECLARE
    found bigint;
    sample text;
BEGIN
    SELECT pg_catalog.count(*) INTO found FROM (SELECT * FROM public.visits WHERE pgphase_amount_new IS NULL) AS pgphase_row;
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
            ) FROM (SELECT * FROM public.visits WHERE pgphase_amount_new IS NULL) AS pgphase_row LIMIT 3
        ) AS picked (named);
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = found || CASE WHEN found = 1 THEN ' row of public.visits holds a null in pgphase_amount_new' ELSE ' rows of public.visits hold a null in pgphase_amount_new' END,
            DETAIL = coalesce('Among them: ' || sample, 'They have no primary key to name them by.'),
            HINT = 'Correct these rows, then run the phase again.';
    END IF;
END
$$;

-- step validate-10 [cc95c3de8044]: add constraint public.visits.pgphase_amount_not_null
--   number:      10 of 11 in this phase
--   why:         It proves later that no row holds a null.
--   locks:       ACCESS EXCLUSIVE on public.visits (reads and writes wait), ACCESS EXCLUSIVE on public.visits_0 (reads and writes wait), ACCESS EXCLUSIVE on public.visits_rest (reads and writes wait), ACCESS EXCLUSIVE on public.visits_rest_0 (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.visits ADD CONSTRAINT pgphase_amount_not_null CHECK (pgphase_amount_new IS NOT NULL) NOT VALID;
COMMIT;

-- step validate-11 [c0f0bd1fdf79]: validate constraint public.visits.pgphase_amount_not_null
--   number:      11 of 11 in this phase
--   why:         Apart from ADD, so that reads and writes go on while existing rows are checked.
--   locks:       SHARE UPDATE EXCLUSIVE on public.visits (reads and writes go on), SHARE UPDATE EXCLUSIVE on public.visits_0 (reads and writes go on), SHARE UPDATE EXCLUSIVE on public.visits_rest (reads and writes go on), SHARE UPDATE EXCLUSIVE on public.visits_rest_0 (reads and writes go on)
--   duration:    grows with the table: reads all of public.visits_0, public.visits_rest_0
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '10s';
SET LOCAL search_path = DEFAULT;
ALTER TABLE public.visits VALIDATE CONSTRAINT pgphase_amount_not_null;
COMMIT;
