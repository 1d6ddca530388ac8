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

-- undo validate-18: add constraint public.events.events_user_fk
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.events DROP CONSTRAINT events_user_fk;
ALTER TABLE public.events_2027 ADD CONSTRAINT has_it_already FOREIGN KEY (user_id) REFERENCES public.users (id) ON DELETE CASCADE;
COMMIT;

-- nothing to undo for validate-17: validate constraint public.events_2026_2.events_user_fk

-- undo validate-16: add constraint public.events_2026_2.events_user_fk
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.events_2026_2 DROP CONSTRAINT IF EXISTS events_user_fk;
COMMIT;

-- nothing to undo for validate-15: validate constraint public.events_2026_1.events_user_fk

-- undo validate-14: add constraint public.events_2026_1.events_user_fk
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.events_2026_1 DROP CONSTRAINT IF EXISTS events_user_fk;
COMMIT;

-- nothing to undo for validate-13: validate constraint public.events_2025.events_user_fk

-- undo validate-12: add constraint public.events_2025.events_user_fk
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.events_2025 DROP CONSTRAINT IF EXISTS events_user_fk;
COMMIT;

-- nothing to undo for validate-11: check that no rows of public.events reference no row of public.users

-- undo validate-10: add constraint public.events.events_day_fk
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.events DROP CONSTRAINT events_day_fk;
COMMIT;

-- nothing to undo for validate-9: validate constraint public.events_2027.events_day_fk

-- undo validate-8: add constraint public.events_2027.events_day_fk
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.events_2027 DROP CONSTRAINT IF EXISTS events_day_fk;
COMMIT;

-- nothing to undo for validate-7: validate constraint public.events_2026_2.events_day_fk

-- undo validate-6: add constraint public.events_2026_2.events_day_fk
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.events_2026_2 DROP CONSTRAINT IF EXISTS events_day_fk;
COMMIT;

-- nothing to undo for validate-5: validate constraint public.events_2026_1.events_day_fk

-- undo validate-4: add constraint public.events_2026_1.events_day_fk
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.events_2026_1 DROP CONSTRAINT IF EXISTS events_day_fk;
COMMIT;

-- nothing to undo for validate-3: validate constraint public.events_2025.events_day_fk

-- undo validate-2: add constraint public.events_2025.events_day_fk
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.events_2025 DROP CONSTRAINT IF EXISTS events_day_fk;
COMMIT;

-- nothing to undo for validate-1: check that no rows of public.events reference no row of public.days
