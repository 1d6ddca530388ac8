-- Undoes plan forward, last step first: pgphase rollback . --to PHASE runs the part whose steps have run, and nothing else.
-- With psql, run only that part: the steps are marked. What a step deleted does not come back.

\set ON_ERROR_STOP on
SET client_min_messages = warning;
SET statement_timeout = 0;
SET idle_in_transaction_session_timeout = '60s';
SET standard_conforming_strings = on;
SET check_function_bodies = off;
SET default_transaction_isolation = 'read committed';
SET row_security = off;

-- undo validate-3: drop policy public.notes.c; create policy public.notes.c
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
DROP POLICY c ON public.notes;
CREATE POLICY c ON public.notes
    FOR SELECT
    USING (true);
COMMIT;

-- undo validate-2: alter policy public.notes.b
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER POLICY b ON public.notes TO app_reader;
COMMIT;

-- undo validate-1: alter policy public.notes.a
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
ALTER POLICY a ON public.notes USING (owner = CURRENT_USER);
COMMIT;
