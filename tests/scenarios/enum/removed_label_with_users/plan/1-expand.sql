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

-- step expand-1 [acf696f2903a]: create enum public.pgphase_state_new
--   number:      1 of 2 in this phase
--   why:         A label cannot be removed or moved: this type takes the name in the end.
--   locks:       none on existing tables
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
CREATE TYPE public.pgphase_state_new AS ENUM ('new', 'old');
COMMIT;

-- step expand-2 [f2f29d3f6e59]: add column public.jobs.pgphase_state_new; create function public.pgphase_jobs_state_sync(); create trigger public.jobs.pgphase_jobs_state_sync
--   number:      2 of 2 in this phase
--   why:         The trigger gives the twin what is written to the column.
--   locks:       ACCESS EXCLUSIVE on public.jobs (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
ALTER TABLE public.jobs ADD COLUMN pgphase_state_new public.pgphase_state_new;
CREATE FUNCTION public.pgphase_jobs_state_sync()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
#variable_conflict use_column
BEGIN
    SELECT (CASE WHEN (state)::text IN ('gone') THEN NULL ELSE (state)::text::public.pgphase_state_new END) INTO NEW.pgphase_state_new FROM (SELECT NEW.*) AS jobs;
    RETURN NEW;
END
$$;
CREATE TRIGGER pgphase_jobs_state_sync
    BEFORE INSERT OR UPDATE ON public.jobs
    FOR EACH ROW
    EXECUTE FUNCTION public.pgphase_jobs_state_sync();
ALTER TABLE public.jobs ENABLE ALWAYS TRIGGER pgphase_jobs_state_sync;
COMMIT;
