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

-- step validate-1 [a04ce510d4be]: check that no rows of public.jobs hold a label in state that the type no longer has
--   number:      1 of 10 in this phase
--   why:         Asked before any lock is taken.
--   locks:       ACCESS SHARE on public.jobs (reads and writes go on)
--   duration:    grows with the table: reads all of public.jobs
--   transaction: none needed: it only reads
SET lock_timeout = '5s';
SET search_path = DEFAULT;
DO $$
#variable_conflict use_column
DECLARE
    found bigint;
    sample text;
BEGIN
    SELECT pg_catalog.count(*) INTO found FROM (SELECT * FROM public.jobs WHERE (state)::text IN ('gone')) AS pgphase_row;
    IF found > 0 THEN
        SELECT pg_catalog.string_agg(named, '; ') INTO sample FROM (
            SELECT (
                SELECT pg_catalog.string_agg(key || ' = ' || coalesce(pg_catalog.left(value, 60), 'null'), ', ')
                FROM pg_catalog.jsonb_each_text(pg_catalog.to_jsonb(pgphase_row))
                WHERE key = ANY (ARRAY[]::text[]) OR key IN (
                    SELECT a.attname FROM pg_catalog.pg_index i
                    JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
                    WHERE i.indrelid = 'public.jobs'::pg_catalog.regclass AND i.indisprimary
                )
            ) FROM (SELECT * FROM public.jobs WHERE (state)::text IN ('gone')) AS pgphase_row LIMIT 3
        ) AS picked (named);
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = found || CASE WHEN found = 1 THEN ' row of public.jobs holds a label in state that the type no longer has' ELSE ' rows of public.jobs hold a label in state that the type no longer has' END,
            DETAIL = coalesce('Among them: ' || sample, 'They have no primary key to name them by.'),
            HINT = 'Correct these rows, then run the phase again.';
    END IF;
END
$$;

-- step validate-2 [8d50d070c7e4]: check that no rows of public.jobs hold another value in pgphase_state_new than in state
--   number:      2 of 10 in this phase
--   why:         Asked before any lock is taken.
--   locks:       ACCESS SHARE on public.jobs (reads and writes go on)
--   duration:    grows with the table: reads all of public.jobs
--   transaction: none needed: it only reads
SET lock_timeout = '5s';
SET search_path = DEFAULT;
DO $$
#variable_conflict use_column
DECLARE
    found bigint;
    sample text;
BEGIN
    SELECT pg_catalog.count(*) INTO found FROM (SELECT * FROM public.jobs WHERE ROW(pgphase_state_new)::record OPERATOR(pg_catalog.*<>) ROW(((CASE WHEN (state)::text IN ('gone') THEN NULL ELSE (state)::text::public.pgphase_state_new END))::public.pgphase_state_new)::record) AS pgphase_row;
    IF found > 0 THEN
        SELECT pg_catalog.string_agg(named, '; ') INTO sample FROM (
            SELECT (
                SELECT pg_catalog.string_agg(key || ' = ' || coalesce(pg_catalog.left(value, 60), 'null'), ', ')
                FROM pg_catalog.jsonb_each_text(pg_catalog.to_jsonb(pgphase_row))
                WHERE key = ANY (ARRAY[]::text[]) OR key IN (
                    SELECT a.attname FROM pg_catalog.pg_index i
                    JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
                    WHERE i.indrelid = 'public.jobs'::pg_catalog.regclass AND i.indisprimary
                )
            ) FROM (SELECT * FROM public.jobs WHERE ROW(pgphase_state_new)::record OPERATOR(pg_catalog.*<>) ROW(((CASE WHEN (state)::text IN ('gone') THEN NULL ELSE (state)::text::public.pgphase_state_new END))::public.pgphase_state_new)::record) AS pgphase_row LIMIT 3
        ) AS picked (named);
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = found || CASE WHEN found = 1 THEN ' row of public.jobs holds another value in pgphase_state_new than in state' ELSE ' rows of public.jobs hold another value in pgphase_state_new than in state' END,
            DETAIL = coalesce('Among them: ' || sample, 'They have no primary key to name them by.'),
            HINT = 'Correct these rows, then run the phase again.';
    END IF;
END
$$;

-- step validate-3 [8f07023c9e41]: add constraint public.jobs.pgphase_state_copied
--   number:      3 of 10 in this phase
--   why:         The proof that every row is copied.
--   locks:       ACCESS EXCLUSIVE on public.jobs (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.jobs ADD CONSTRAINT pgphase_state_copied CHECK (pgphase_state_new IS NOT NULL OR state IS NULL) NOT VALID;
COMMIT;

-- step validate-4 [ecab2291e74b]: validate constraint public.jobs.pgphase_state_copied
--   number:      4 of 10 in this phase
--   why:         Apart from ADD, so that reads and writes go on while existing rows are checked.
--   locks:       SHARE UPDATE EXCLUSIVE on public.jobs (reads and writes go on)
--   duration:    grows with the table: reads all of public.jobs
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '10s';
SET LOCAL search_path = DEFAULT;
ALTER TABLE public.jobs VALIDATE CONSTRAINT pgphase_state_copied;
COMMIT;

-- step validate-5 [7439a7b19223]: create index public.pgphase_jobs_open_new concurrently
--   number:      5 of 10 in this phase
--   why:         Reads and writes go on while it is built.
--   locks:       SHARE UPDATE EXCLUSIVE on public.jobs (reads and writes go on)
--   duration:    grows with the table: reads all of public.jobs, builds an index on public.jobs
--   transaction: none: PostgreSQL does not allow one here
SET lock_timeout = 0;
SET search_path = public;
CREATE INDEX CONCURRENTLY pgphase_jobs_open_new ON public.jobs USING btree (id) WHERE pgphase_state_new = 'new'::public.pgphase_state_new;

-- step validate-6 [b23427dcf345]: add constraint public.jobs.pgphase_jobs_state_check_new
--   number:      6 of 10 in this phase
--   why:         The twin's own; it takes the name of the old one in the end.
--   locks:       ACCESS EXCLUSIVE on public.jobs (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.jobs ADD CONSTRAINT pgphase_jobs_state_check_new CHECK (pgphase_state_new <> 'old'::public.pgphase_state_new) NOT VALID;
COMMIT;

-- step validate-7 [b7287719d7d0]: validate constraint public.jobs.pgphase_jobs_state_check_new
--   number:      7 of 10 in this phase
--   why:         Apart from ADD, so that reads and writes go on while existing rows are checked.
--   locks:       SHARE UPDATE EXCLUSIVE on public.jobs (reads and writes go on)
--   duration:    grows with the table: reads all of public.jobs
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '10s';
SET LOCAL search_path = DEFAULT;
ALTER TABLE public.jobs VALIDATE CONSTRAINT pgphase_jobs_state_check_new;
COMMIT;

-- step validate-8 [b2c3b11e02bb]: check that no rows of public.jobs hold a null in pgphase_state_new
--   number:      8 of 10 in this phase
--   why:         Asked before any lock is taken.
--   locks:       ACCESS SHARE on public.jobs (reads and writes go on)
--   duration:    grows with the table: reads all of public.jobs
--   transaction: none needed: it only reads
SET lock_timeout = '5s';
SET search_path = DEFAULT;
DO $$
#variable_conflict use_column
DECLARE
    found bigint;
    sample text;
BEGIN
    SELECT pg_catalog.count(*) INTO found FROM (SELECT * FROM public.jobs WHERE pgphase_state_new IS NULL) AS pgphase_row;
    IF found > 0 THEN
        SELECT pg_catalog.string_agg(named, '; ') INTO sample FROM (
            SELECT (
                SELECT pg_catalog.string_agg(key || ' = ' || coalesce(pg_catalog.left(value, 60), 'null'), ', ')
                FROM pg_catalog.jsonb_each_text(pg_catalog.to_jsonb(pgphase_row))
                WHERE key = ANY (ARRAY[]::text[]) OR key IN (
                    SELECT a.attname FROM pg_catalog.pg_index i
                    JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
                    WHERE i.indrelid = 'public.jobs'::pg_catalog.regclass AND i.indisprimary
                )
            ) FROM (SELECT * FROM public.jobs WHERE pgphase_state_new IS NULL) AS pgphase_row LIMIT 3
        ) AS picked (named);
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = found || CASE WHEN found = 1 THEN ' row of public.jobs holds a null in pgphase_state_new' ELSE ' rows of public.jobs hold a null in pgphase_state_new' END,
            DETAIL = coalesce('Among them: ' || sample, 'They have no primary key to name them by.'),
            HINT = 'Correct these rows, then run the phase again.';
    END IF;
END
$$;

-- step validate-9 [97595f48d82f]: add constraint public.jobs.pgphase_state_not_null
--   number:      9 of 10 in this phase
--   why:         It proves later that no row holds a null.
--   locks:       ACCESS EXCLUSIVE on public.jobs (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.jobs ADD CONSTRAINT pgphase_state_not_null CHECK (pgphase_state_new IS NOT NULL) NOT VALID;
COMMIT;

-- step validate-10 [aea65fa2deba]: validate constraint public.jobs.pgphase_state_not_null
--   number:      10 of 10 in this phase
--   why:         Apart from ADD, so that reads and writes go on while existing rows are checked.
--   locks:       SHARE UPDATE EXCLUSIVE on public.jobs (reads and writes go on)
--   duration:    grows with the table: reads all of public.jobs
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '10s';
SET LOCAL search_path = DEFAULT;
ALTER TABLE public.jobs VALIDATE CONSTRAINT pgphase_state_not_null;
COMMIT;
