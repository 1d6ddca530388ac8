-- Plan forward, phase 1 of 4: expand, for PostgreSQL 15.
-- Runs with: pgphase apply . --phase expand; or with: psql -X -f 1-expand.sql
-- Checksums of the steps are in plan.yaml: change the schema files and plan again rather than this file.

\set ON_ERROR_STOP on
SET client_min_messages = warning;
SET statement_timeout = 0;
SET idle_in_transaction_session_timeout = '60s';
SET standard_conforming_strings = on;
SET check_function_bodies = off;
SET default_transaction_isolation = 'read committed';
SET row_security = off;

-- step expand-1 [f82dadbbe6da]: create index public.events_id_idx
--   number:      1 of 5 in this phase
--   why:         On the parent only: instant, and not valid until every partition has its index.
--   locks:       SHARE on public.events (writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
CREATE INDEX events_id_idx ON ONLY public.events USING btree (id);
COMMIT;

-- step expand-2 [defa8612e90c]: create index public.events_2025_id_idx concurrently
--   number:      2 of 5 in this phase
--   why:         Reads and writes go on while it is built.
--   locks:       SHARE UPDATE EXCLUSIVE on public.events_2025 (reads and writes go on)
--   duration:    grows with the table: reads all of public.events_2025, builds an index on public.events_2025
--   transaction: none: PostgreSQL does not allow one here
SET lock_timeout = 0;
SET search_path = public;
CREATE INDEX CONCURRENTLY events_2025_id_idx ON public.events_2025 USING btree (id);

-- step expand-3 [8eb31f23e65e]: alter index public.events_2025_id_idx
--   number:      3 of 5 in this phase
--   why:         Reads of the partition wait for a moment, because planning locks the index.
--   locks:       none on existing tables
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER INDEX public.events_id_idx ATTACH PARTITION public.events_2025_id_idx;
COMMIT;

-- step expand-4 [7c524adcdccc]: create index public.events_2026_id_idx concurrently
--   number:      4 of 5 in this phase
--   why:         Reads and writes go on while it is built.
--   locks:       SHARE UPDATE EXCLUSIVE on public.events_2026 (reads and writes go on)
--   duration:    grows with the table: reads all of public.events_2026, builds an index on public.events_2026
--   transaction: none: PostgreSQL does not allow one here
SET lock_timeout = 0;
SET search_path = public;
CREATE INDEX CONCURRENTLY events_2026_id_idx ON public.events_2026 USING btree (id);

-- step expand-5 [273780063ad4]: alter index public.events_2026_id_idx
--   number:      5 of 5 in this phase
--   why:         Reads of the partition wait for a moment, because planning locks the index.
--   locks:       none on existing tables
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER INDEX public.events_id_idx ATTACH PARTITION public.events_2026_id_idx;
COMMIT;
