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

-- step validate-1 [33ae0d791eb6]: check that no rows of public.users hold another value in full_name than in name
--   number:      1 of 3 in this phase
--   why:         Asked before any lock is taken.
--   locks:       ACCESS SHARE on public.users (reads and writes go on)
--   duration:    grows with the table: reads all of public.users
--   transaction: none needed: it only reads
SET lock_timeout = '5s';
SET search_path = DEFAULT;
DO $$
DECLARE
    found bigint;
    sample text;
BEGIN
    SELECT pg_catalog.count(*) INTO found FROM (SELECT * FROM public.users WHERE ROW(full_name)::record OPERATOR(pg_catalog.*<>) ROW((name)::text)::record) AS offending;
    IF found > 0 THEN
        SELECT pg_catalog.string_agg(pg_catalog.left(one::text, 200), ' ') INTO sample
            FROM (SELECT offending FROM (SELECT * FROM public.users WHERE ROW(full_name)::record OPERATOR(pg_catalog.*<>) ROW((name)::text)::record) AS offending LIMIT 3) AS picked (one);
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = found || ' rows of public.users hold another value in full_name than in name',
            DETAIL = 'Among them: ' || sample,
            HINT = 'Correct these rows, then run the phase again.';
    END IF;
END
$$;

-- step validate-2 [f7e44ad5e995]: add constraint public.users.pgphase_name_copied
--   number:      2 of 3 in this phase
--   why:         The proof that every row is copied.
--   locks:       ACCESS EXCLUSIVE on public.users (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.users ADD CONSTRAINT pgphase_name_copied CHECK (full_name IS NOT NULL OR name IS NULL) NOT VALID;
COMMIT;

-- step validate-3 [b3eca597bcc9]: validate constraint public.users.pgphase_name_copied
--   number:      3 of 3 in this phase
--   why:         Apart from ADD, so that reads and writes go on while existing rows are checked.
--   locks:       SHARE UPDATE EXCLUSIVE on public.users (reads and writes go on)
--   duration:    grows with the table: reads all of public.users
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '10s';
SET LOCAL search_path = DEFAULT;
ALTER TABLE public.users VALIDATE CONSTRAINT pgphase_name_copied;
COMMIT;
