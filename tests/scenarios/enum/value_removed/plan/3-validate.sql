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

-- step validate-1 [9263ffc7725f]: check that no rows of public.people hold a label in mood that the type no longer has
--   number:      1 of 4 in this phase
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
    SELECT pg_catalog.count(*) INTO found FROM (SELECT * FROM public.people WHERE (mood)::text IN ('happy')) AS pgphase_row;
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
            ) FROM (SELECT * FROM public.people WHERE (mood)::text IN ('happy')) AS pgphase_row LIMIT 3
        ) AS picked (named);
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = found || CASE WHEN found = 1 THEN ' row of public.people holds a label in mood that the type no longer has' ELSE ' rows of public.people hold a label in mood that the type no longer has' END,
            DETAIL = coalesce('Among them: ' || sample, 'They have no primary key to name them by.'),
            HINT = 'Correct these rows, then run the phase again.';
    END IF;
END
$$;

-- step validate-2 [30453f351637]: check that no rows of public.people hold another value in pgphase_mood_new than in mood
--   number:      2 of 4 in this phase
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
    SELECT pg_catalog.count(*) INTO found FROM (SELECT * FROM public.people WHERE ROW(pgphase_mood_new)::record OPERATOR(pg_catalog.*<>) ROW(((CASE WHEN (mood)::text IN ('happy') THEN NULL ELSE (mood)::text::public.pgphase_mood_new END))::public.pgphase_mood_new)::record) AS pgphase_row;
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
            ) FROM (SELECT * FROM public.people WHERE ROW(pgphase_mood_new)::record OPERATOR(pg_catalog.*<>) ROW(((CASE WHEN (mood)::text IN ('happy') THEN NULL ELSE (mood)::text::public.pgphase_mood_new END))::public.pgphase_mood_new)::record) AS pgphase_row LIMIT 3
        ) AS picked (named);
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = found || CASE WHEN found = 1 THEN ' row of public.people holds another value in pgphase_mood_new than in mood' ELSE ' rows of public.people hold another value in pgphase_mood_new than in mood' END,
            DETAIL = coalesce('Among them: ' || sample, 'They have no primary key to name them by.'),
            HINT = 'Correct these rows, then run the phase again.';
    END IF;
END
$$;

-- step validate-3 [9ea4daa4b850]: add constraint public.people.pgphase_mood_copied
--   number:      3 of 4 in this phase
--   why:         The proof that every row is copied.
--   locks:       ACCESS EXCLUSIVE on public.people (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.people ADD CONSTRAINT pgphase_mood_copied CHECK (pgphase_mood_new IS NOT NULL OR mood IS NULL) NOT VALID;
COMMIT;

-- step validate-4 [1d1b288a4a9a]: validate constraint public.people.pgphase_mood_copied
--   number:      4 of 4 in this phase
--   why:         Apart from ADD, so that reads and writes go on while existing rows are checked.
--   locks:       SHARE UPDATE EXCLUSIVE on public.people (reads and writes go on)
--   duration:    grows with the table: reads all of public.people
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '10s';
SET LOCAL search_path = DEFAULT;
ALTER TABLE public.people VALIDATE CONSTRAINT pgphase_mood_copied;
COMMIT;
