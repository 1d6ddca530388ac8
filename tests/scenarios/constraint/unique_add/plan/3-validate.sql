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

-- step validate-1 [311a3fa92a1d]: check that no rows of public.users share a value of (email)
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
    SELECT pg_catalog.count(*) INTO found FROM (SELECT email FROM public.users WHERE email IS NOT NULL GROUP BY email HAVING count(*) > 1) AS offending;
    IF found > 0 THEN
        SELECT pg_catalog.string_agg(pg_catalog.left(one::text, 200), ' ') INTO sample
            FROM (SELECT offending FROM (SELECT email FROM public.users WHERE email IS NOT NULL GROUP BY email HAVING count(*) > 1) AS offending LIMIT 3) AS picked (one);
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = found || ' rows of public.users share a value of (email)',
            DETAIL = 'Among them: ' || sample,
            HINT = 'Correct these rows, then run the phase again.';
    END IF;
END
$$;

-- step validate-2 [357c45de4c03]: create index public.users_email_key concurrently
--   number:      2 of 3 in this phase
--   why:         Reads and writes go on while it is built.
--   locks:       SHARE UPDATE EXCLUSIVE on public.users (reads and writes go on)
--   duration:    grows with the table: reads all of public.users, builds an index on public.users
--   transaction: none: PostgreSQL does not allow one here
SET lock_timeout = 0;
SET search_path = public;
CREATE UNIQUE INDEX CONCURRENTLY users_email_key ON public.users USING btree (email);

-- step validate-3 [857159fc8b47]: add constraint public.users.users_email_key using index users_email_key
--   number:      3 of 3 in this phase
--   why:         The index is there already, so nothing is built.
--   locks:       ACCESS EXCLUSIVE on public.users (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.users ADD CONSTRAINT users_email_key UNIQUE USING INDEX users_email_key;
COMMIT;
