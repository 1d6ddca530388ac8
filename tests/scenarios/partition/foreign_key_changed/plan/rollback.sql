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

-- undo validate-7: drop constraint public.events.events_user_fk; rename constraint public.events.pgphase_events_user_fk_new to events_user_fk
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.events RENAME CONSTRAINT events_user_fk TO pgphase_events_user_fk_new;
ALTER TABLE public.events ADD CONSTRAINT events_user_fk FOREIGN KEY (user_id) REFERENCES public.users (id);
COMMIT;

-- undo validate-6: add constraint public.events.pgphase_events_user_fk_new
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.events DROP CONSTRAINT pgphase_events_user_fk_new;
COMMIT;

-- nothing to undo for validate-5: validate constraint public.events_2026.pgphase_events_user_fk_new

-- undo validate-4: add constraint public.events_2026.pgphase_events_user_fk_new
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.events_2026 DROP CONSTRAINT IF EXISTS pgphase_events_user_fk_new;
COMMIT;

-- nothing to undo for validate-3: validate constraint public.events_2025.pgphase_events_user_fk_new

-- undo validate-2: add constraint public.events_2025.pgphase_events_user_fk_new
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.events_2025 DROP CONSTRAINT IF EXISTS pgphase_events_user_fk_new;
COMMIT;

-- nothing to undo for validate-1: check that no rows of public.events reference no row of public.users
