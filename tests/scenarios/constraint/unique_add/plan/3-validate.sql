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

-- step validate-1 [e2118df35980]: check that no rows of public.users share a value of (email)
--   number:      1 of 3 in this phase
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
    SELECT pg_catalog.count(*) INTO found FROM (SELECT email FROM public.users WHERE email IS NOT NULL GROUP BY email HAVING count(*) > 1) AS pgphase_row;
    IF found > 0 THEN
        SELECT pg_catalog.string_agg(named, '; ') INTO sample FROM (
            SELECT (
                SELECT pg_catalog.string_agg(key || ' = ' || coalesce(pg_catalog.left(value, 60), 'null'), ', ')
                FROM pg_catalog.jsonb_each_text(pg_catalog.to_jsonb(pgphase_row))
                WHERE key = ANY (ARRAY['email']::text[]) OR key IN (
                    SELECT a.attname FROM pg_catalog.pg_index i
                    JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
                    WHERE i.indrelid = 'public.users'::pg_catalog.regclass AND i.indisprimary
                )
            ) FROM (SELECT email FROM public.users WHERE email IS NOT NULL GROUP BY email HAVING count(*) > 1) AS pgphase_row LIMIT 3
        ) AS picked (named);
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = found || CASE WHEN found = 1 THEN ' row of public.users shares a value of (email)' ELSE ' rows of public.users share a value of (email)' END,
            DETAIL = coalesce('Among them: ' || sample, 'They have no primary key to name them by.'),
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
