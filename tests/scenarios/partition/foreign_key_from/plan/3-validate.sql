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

-- step validate-1 [d9feae5cdf3a]: check that no rows of public.events reference no row of public.users
--   number:      1 of 4 in this phase
--   why:         Asked before any lock is taken.
--   locks:       ACCESS SHARE on public.events (reads and writes go on), ACCESS SHARE on public.users (reads and writes go on)
--   duration:    grows with the table: reads all of public.events_2025, public.users
--   transaction: none needed: it only reads
SET lock_timeout = '5s';
SET search_path = DEFAULT;
DO $$
#variable_conflict use_column
DECLARE
    found bigint;
    sample text;
BEGIN
    SELECT pg_catalog.count(*) INTO found FROM (SELECT t.* FROM public.events t WHERE t.user_id IS NOT NULL AND NOT EXISTS (SELECT FROM public.users r WHERE r.id = t.user_id)) AS pgphase_row;
    IF found > 0 THEN
        SELECT pg_catalog.string_agg(named, '; ') INTO sample FROM (
            SELECT (
                SELECT pg_catalog.string_agg(key || ' = ' || coalesce(pg_catalog.left(value, 60), 'null'), ', ')
                FROM pg_catalog.jsonb_each_text(pg_catalog.to_jsonb(pgphase_row))
                WHERE key = ANY (ARRAY['user_id']::text[]) OR key IN (
                    SELECT a.attname FROM pg_catalog.pg_index i
                    JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
                    WHERE i.indrelid = 'public.events'::pg_catalog.regclass AND i.indisprimary
                )
            ) FROM (SELECT t.* FROM public.events t WHERE t.user_id IS NOT NULL AND NOT EXISTS (SELECT FROM public.users r WHERE r.id = t.user_id)) AS pgphase_row LIMIT 3
        ) AS picked (named);
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = found || CASE WHEN found = 1 THEN ' row of public.events references no row of public.users' ELSE ' rows of public.events reference no row of public.users' END,
            DETAIL = coalesce('Among them: ' || sample, 'They have no primary key to name them by.'),
            HINT = 'Correct these rows, then run the phase again.';
    END IF;
END
$$;

-- step validate-2 [424b378dda40]: add constraint public.events_2025.events_user_fk
--   number:      2 of 4 in this phase
--   why:         On the partition alone: before PostgreSQL 18 its parent takes no foreign key that is NOT VALID.
--   locks:       SHARE ROW EXCLUSIVE on public.users (writes wait), SHARE ROW EXCLUSIVE on public.events_2025 (writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
LOCK TABLE public.users, public.events_2025 IN SHARE ROW EXCLUSIVE MODE;
ALTER TABLE public.events_2025 ADD CONSTRAINT events_user_fk FOREIGN KEY (user_id) REFERENCES public.users (id) NOT VALID;
COMMIT;

-- step validate-3 [521b606778fe]: validate constraint public.events_2025.events_user_fk
--   number:      3 of 4 in this phase
--   why:         Apart from ADD, so that reads and writes go on while existing rows are checked.
--   locks:       SHARE UPDATE EXCLUSIVE on public.events_2025 (reads and writes go on), ROW SHARE on public.users (reads and writes go on)
--   duration:    grows with the table: reads all of public.events_2025, public.users
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '10s';
SET LOCAL search_path = DEFAULT;
ALTER TABLE public.events_2025 VALIDATE CONSTRAINT events_user_fk;
COMMIT;

-- step validate-4 [96732239d4a6]: add constraint public.events.events_user_fk
--   number:      4 of 4 in this phase
--   why:         The partitions have the key already and it is proved there, so no row is looked at; their triggers on the referenced table go, which takes the lock on it for a moment.
--   locks:       ACCESS EXCLUSIVE on public.users (reads and writes wait), SHARE ROW EXCLUSIVE on public.events (writes wait), SHARE ROW EXCLUSIVE on public.events_2025 (writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
LOCK TABLE public.users IN ACCESS EXCLUSIVE MODE;
LOCK TABLE public.events IN SHARE ROW EXCLUSIVE MODE;
ALTER TABLE public.events ADD CONSTRAINT events_user_fk FOREIGN KEY (user_id) REFERENCES public.users (id);
COMMIT;
