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

-- step validate-1 [1c03bbb53d2d]: check that no rows of public.events_2025 lie outside the partition of public.events
--   number:      1 of 4 in this phase
--   why:         Asked before any lock is taken.
--   locks:       ACCESS SHARE on public.events_2025 (reads and writes go on)
--   duration:    grows with the table: reads all of public.events_2025
--   transaction: none needed: it only reads
SET lock_timeout = '5s';
SET search_path = DEFAULT;
DO $$
#variable_conflict use_column
DECLARE
    found bigint;
    sample text;
BEGIN
    SELECT pg_catalog.count(*) INTO found FROM (SELECT * FROM public.events_2025 WHERE NOT (at IS NOT NULL AND at >= '2025-01-01' AND at < '2026-01-01')) AS pgphase_row;
    IF found > 0 THEN
        SELECT pg_catalog.string_agg(named, '; ') INTO sample FROM (
            SELECT (
                SELECT pg_catalog.string_agg(key || ' = ' || coalesce(pg_catalog.left(value, 60), 'null'), ', ')
                FROM pg_catalog.jsonb_each_text(pg_catalog.to_jsonb(pgphase_row))
                WHERE key = ANY (ARRAY[]::text[]) OR key IN (
                    SELECT a.attname FROM pg_catalog.pg_index i
                    JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
                    WHERE i.indrelid = 'public.events_2025'::pg_catalog.regclass AND i.indisprimary
                )
            ) FROM (SELECT * FROM public.events_2025 WHERE NOT (at IS NOT NULL AND at >= '2025-01-01' AND at < '2026-01-01')) AS pgphase_row LIMIT 3
        ) AS picked (named);
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = found || CASE WHEN found = 1 THEN ' row of public.events_2025 lies outside the partition of public.events' ELSE ' rows of public.events_2025 lie outside the partition of public.events' END,
            DETAIL = coalesce('Among them: ' || sample, 'They have no primary key to name them by.'),
            HINT = 'Correct these rows, then run the phase again.';
    END IF;
END
$$;

-- step validate-2 [e603bd2b39d8]: add constraint public.events_2025.pgphase_events_2025_bound
--   number:      2 of 4 in this phase
--   why:         It proves that the rows belong there, so that ATTACH does not look at them under its lock.
--   locks:       ACCESS EXCLUSIVE on public.events_2025 (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.events_2025 ADD CONSTRAINT pgphase_events_2025_bound CHECK (at IS NOT NULL AND at >= '2025-01-01' AND at < '2026-01-01') NOT VALID;
COMMIT;

-- step validate-3 [d71c6e7c59fc]: validate constraint public.events_2025.pgphase_events_2025_bound
--   number:      3 of 4 in this phase
--   why:         Apart from ADD, so that reads and writes go on while existing rows are checked.
--   locks:       SHARE UPDATE EXCLUSIVE on public.events_2025 (reads and writes go on)
--   duration:    grows with the table: reads all of public.events_2025
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '10s';
SET LOCAL search_path = DEFAULT;
ALTER TABLE public.events_2025 VALIDATE CONSTRAINT pgphase_events_2025_bound;
COMMIT;

-- step validate-4 [5875bfe33e33]: attach table public.events_2025 to public.events; drop constraint public.events_2025.pgphase_events_2025_bound
--   number:      4 of 4 in this phase
--   locks:       SHARE UPDATE EXCLUSIVE on public.events (reads and writes go on), ACCESS EXCLUSIVE on public.events_2025 (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.events ATTACH PARTITION public.events_2025 FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
ALTER TABLE public.events_2025 DROP CONSTRAINT pgphase_events_2025_bound;
COMMIT;
