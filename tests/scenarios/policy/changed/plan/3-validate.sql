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

-- step validate-1 [288f6043cbe6]: alter policy public.notes.a
--   number:      1 of 3 in this phase
--   why:         In one transaction, so that no gap opens.
--   locks:       ACCESS EXCLUSIVE on public.notes (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
ALTER POLICY a ON public.notes USING (owner = SESSION_USER);
COMMIT;

-- step validate-2 [13c90930e9fb]: alter policy public.notes.b
--   number:      2 of 3 in this phase
--   why:         In one transaction, so that no gap opens.
--   locks:       ACCESS EXCLUSIVE on public.notes (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER POLICY b ON public.notes TO app_writer;
COMMIT;

-- step validate-3 [5b80559ac793]: drop policy public.notes.c; create policy public.notes.c
--   number:      3 of 3 in this phase
--   why:         It cannot be altered: its command or mode differs. In one transaction, so that no gap opens.
--   locks:       ACCESS EXCLUSIVE on public.notes (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
DROP POLICY c ON public.notes;
CREATE POLICY c ON public.notes
    AS RESTRICTIVE
    FOR SELECT
    USING (true);
COMMIT;
