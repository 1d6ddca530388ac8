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

-- undo contract-1: drop trigger public.people.pgphase_people_mood_sync; drop function public.pgphase_people_mood_sync(); 5 more changes
-- without what was lost: every value of public.people.mood
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.people ALTER COLUMN mood DROP DEFAULT;
ALTER TABLE public.people RENAME COLUMN mood TO pgphase_mood_new;
ALTER TYPE public.mood RENAME TO pgphase_mood_new;
CREATE TYPE public.mood AS ENUM ('sad', 'ok', 'happy');
ALTER TYPE public.mood OWNER TO postgres;
ALTER TABLE public.people ADD COLUMN mood public.mood DEFAULT 'ok'::public.mood;
ALTER TABLE public.people ADD CONSTRAINT pgphase_mood_copied CHECK (pgphase_mood_new IS NOT NULL OR mood IS NULL);
CREATE FUNCTION public.pgphase_people_mood_sync()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
#variable_conflict use_column
BEGIN
    SELECT (CASE WHEN (mood)::text IN ('happy') THEN NULL ELSE (mood)::text::public.pgphase_mood_new END) INTO NEW.pgphase_mood_new FROM (SELECT NEW.*) AS people;
    RETURN NEW;
END
$$;
CREATE TRIGGER pgphase_people_mood_sync
    BEFORE INSERT OR UPDATE ON public.people
    FOR EACH ROW
    EXECUTE FUNCTION public.pgphase_people_mood_sync();
ALTER TABLE public.people ENABLE ALWAYS TRIGGER pgphase_people_mood_sync;
COMMIT;

-- nothing to undo for validate-4: validate constraint public.people.pgphase_mood_copied

-- undo validate-3: add constraint public.people.pgphase_mood_copied
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.people DROP CONSTRAINT pgphase_mood_copied;
COMMIT;

-- nothing to undo for validate-2: check that no rows of public.people hold another value in pgphase_mood_new than in mood

-- nothing to undo for validate-1: check that no rows of public.people hold a label in mood that the type no longer has

-- nothing to undo for backfill-1: backfill public.people (pgphase_mood_new)

-- undo expand-2: add column public.people.pgphase_mood_new; create function public.pgphase_people_mood_sync(); create trigger public.people.pgphase_people_mood_sync
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
DROP TRIGGER pgphase_people_mood_sync ON public.people;
DROP FUNCTION public.pgphase_people_mood_sync();
ALTER TABLE public.people DROP COLUMN pgphase_mood_new;
COMMIT;

-- undo expand-1: create enum public.pgphase_mood_new
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
DROP TYPE public.pgphase_mood_new;
COMMIT;
