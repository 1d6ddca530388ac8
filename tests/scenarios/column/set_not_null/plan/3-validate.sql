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

-- step validate-1 [e7c27cf5809f]: check that no rows of public.users hold a null in email
--   number:      1 of 5 in this phase
--   why:         Asked before any lock is taken.
--   locks:       ACCESS SHARE on public.users (reads and writes go on)
--   duration:    grows with the table: reads all of public.users
--   transaction: none needed: it only reads
SET lock_timeout = '5s';
SET search_path = DEFAULT;
DO $$
#variable_conflict use_column
DECLARE
    found bigint;
    sample text;
BEGIN
    SELECT pg_catalog.count(*) INTO found FROM (SELECT * FROM public.users WHERE email IS NULL) AS pgphase_row;
    IF found > 0 THEN
        SELECT pg_catalog.string_agg(named, '; ') INTO sample FROM (
            SELECT (
                SELECT pg_catalog.string_agg(key || ' = ' || coalesce(pg_catalog.left(value, 60), 'null'), ', ')
                FROM pg_catalog.jsonb_each_text(pg_catalog.to_jsonb(pgphase_row))
                WHERE key = ANY (ARRAY[]::text[]) OR key IN (
                    SELECT a.attname FROM pg_catalog.pg_index i
                    JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
                    WHERE i.indrelid = 'public.users'::pg_catalog.regclass AND i.indisprimary
                )
            ) FROM (SELECT * FROM public.users WHERE email IS NULL) AS pgphase_row LIMIT 3
        ) AS picked (named);
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = found || CASE WHEN found = 1 THEN ' row of public.users holds a null in email' ELSE ' rows of public.users hold a null in email' END,
            DETAIL = coalesce('Among them: ' || sample, 'They have no primary key to name them by.'),
            HINT = 'Correct these rows, then run the phase again.';
    END IF;
END
$$;

-- step validate-2 [870bf05bae53]: add constraint public.users.pgphase_email_not_null
--   number:      2 of 5 in this phase
--   why:         New rows are checked from here on; the table is not read.
--   locks:       ACCESS EXCLUSIVE on public.users (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.users ADD CONSTRAINT pgphase_email_not_null CHECK (email IS NOT NULL) NOT VALID;
COMMIT;

-- step validate-3 [45854db0d507]: validate constraint public.users.pgphase_email_not_null
--   number:      3 of 5 in this phase
--   why:         Reads and writes go on while existing rows are checked.
--   locks:       SHARE UPDATE EXCLUSIVE on public.users (reads and writes go on)
--   duration:    grows with the table: reads all of public.users
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '10s';
SET LOCAL search_path = DEFAULT;
ALTER TABLE public.users VALIDATE CONSTRAINT pgphase_email_not_null;
COMMIT;

-- step validate-4 [681400e76daa]: set column public.users.email not null
--   number:      4 of 5 in this phase
--   why:         The valid check proves it, so nothing is scanned.
--   locks:       ACCESS EXCLUSIVE on public.users (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.users ALTER COLUMN email SET NOT NULL;
COMMIT;

-- step validate-5 [5c23a25592fe]: drop constraint public.users.pgphase_email_not_null
--   number:      5 of 5 in this phase
--   why:         Only apart from SET NOT NULL: in one statement the proof would not count.
--   locks:       ACCESS EXCLUSIVE on public.users (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.users DROP CONSTRAINT pgphase_email_not_null;
COMMIT;
