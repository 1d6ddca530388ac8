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

-- undo expand-5: alter index public.events_2026_id_idx
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
DROP INDEX IF EXISTS public.events_id_idx;
COMMIT;

-- undo expand-4: create index public.events_2026_id_idx concurrently
SET lock_timeout = 0;
SET search_path = public;
DROP INDEX CONCURRENTLY IF EXISTS public.events_2026_id_idx;

-- undo expand-3: alter index public.events_2025_id_idx
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
DROP INDEX IF EXISTS public.events_id_idx;
COMMIT;

-- undo expand-2: create index public.events_2025_id_idx concurrently
SET lock_timeout = 0;
SET search_path = public;
DROP INDEX CONCURRENTLY IF EXISTS public.events_2025_id_idx;

-- undo expand-1: create index public.events_id_idx
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
DROP INDEX IF EXISTS public.events_id_idx;
COMMIT;
