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

-- undo contract-1: rename enum public.mood to pgphase_mood_old; create enum public.mood; 4 more changes
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
CREATE TYPE public.pgphase_mood_old AS ENUM ('sad', 'ok', 'happy');
ALTER TYPE public.pgphase_mood_old OWNER TO postgres;
ALTER TABLE public.people ALTER COLUMN mood DROP DEFAULT;
ALTER TABLE public.people ALTER COLUMN mood TYPE public.pgphase_mood_old;
ALTER TABLE public.people ALTER COLUMN mood SET DEFAULT 'ok'::public.mood;
DROP TYPE public.mood;
ALTER TYPE public.pgphase_mood_old RENAME TO mood;
COMMIT;
