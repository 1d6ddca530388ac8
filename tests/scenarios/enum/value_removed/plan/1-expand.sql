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

-- step expand-1 [0b03a032474e]: create enum public.pgphase_mood_new
--   number:      1 of 2 in this phase
--   why:         A label cannot be removed or moved: this type takes the name in the end.
--   locks:       none on existing tables
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
CREATE TYPE public.pgphase_mood_new AS ENUM ('sad', 'ok');
COMMIT;

-- step expand-2 [c6620e75a2a8]: add column public.people.pgphase_mood_new; create function public.pgphase_people_mood_sync(); create trigger public.people.pgphase_people_mood_sync
--   number:      2 of 2 in this phase
--   why:         The trigger gives the twin what is written to the column.
--   locks:       ACCESS EXCLUSIVE on public.people (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
ALTER TABLE public.people ADD COLUMN pgphase_mood_new public.pgphase_mood_new;
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
