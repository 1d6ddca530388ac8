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

-- undo contract-2: drop function public.is_open(public.state); drop view public.open_jobs; 13 more changes
-- without what was lost: every value of public.jobs.state
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
DROP FUNCTION public.is_open(public.state);
DROP VIEW public.open_jobs;
ALTER TABLE public.jobs RENAME CONSTRAINT jobs_state_check TO pgphase_jobs_state_check_new;
ALTER INDEX public.jobs_open RENAME TO pgphase_jobs_open_new;
ALTER TABLE public.jobs ALTER COLUMN state DROP DEFAULT;
ALTER TABLE public.jobs ADD CONSTRAINT pgphase_state_not_null CHECK (state IS NOT NULL);
ALTER TABLE public.jobs ALTER COLUMN state DROP NOT NULL;
ALTER TABLE public.jobs RENAME COLUMN state TO pgphase_state_new;
ALTER TYPE public.state RENAME TO pgphase_state_new;
CREATE TYPE public.state AS ENUM ('new', 'old', 'gone');
ALTER TYPE public.state OWNER TO postgres;
ALTER TABLE public.jobs ADD COLUMN state public.state DEFAULT 'new'::public.state NOT NULL;
ALTER TABLE public.jobs ADD CONSTRAINT jobs_state_check CHECK (state <> 'old'::public.state);
ALTER TABLE public.jobs ADD CONSTRAINT pgphase_state_copied CHECK (pgphase_state_new IS NOT NULL OR state IS NULL);
CREATE INDEX jobs_open ON public.jobs USING btree (id) WHERE state = 'new'::public.state;
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
CREATE VIEW public.open_jobs AS
 SELECT jobs.id,
    jobs.state
   FROM public.jobs
  WHERE (jobs.state = 'new'::public.state);
ALTER VIEW public.open_jobs OWNER TO postgres;
CREATE FUNCTION public.is_open(s public.state)
    RETURNS boolean
    LANGUAGE sql
    IMMUTABLE
    AS $$ select s = 'new' $$;
ALTER FUNCTION public.is_open(public.state) OWNER TO postgres;
COMMIT;

-- undo contract-1: drop function public.leaves(public.state)
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
CREATE FUNCTION public.leaves(s public.state)
    RETURNS boolean
    LANGUAGE sql
    IMMUTABLE
    AS $$ select s = 'gone' $$;
ALTER FUNCTION public.leaves(public.state) OWNER TO postgres;
COMMIT;

-- nothing to undo for validate-10: validate constraint public.jobs.pgphase_state_not_null

-- undo validate-9: add constraint public.jobs.pgphase_state_not_null
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.jobs DROP CONSTRAINT pgphase_state_not_null;
COMMIT;

-- nothing to undo for validate-8: check that no rows of public.jobs hold a null in pgphase_state_new

-- nothing to undo for validate-7: validate constraint public.jobs.pgphase_jobs_state_check_new

-- undo validate-6: add constraint public.jobs.pgphase_jobs_state_check_new
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.jobs DROP CONSTRAINT pgphase_jobs_state_check_new;
COMMIT;

-- undo validate-5: create index public.pgphase_jobs_open_new concurrently
SET lock_timeout = 0;
SET search_path = public;
DROP INDEX CONCURRENTLY IF EXISTS public.pgphase_jobs_open_new;

-- nothing to undo for validate-4: validate constraint public.jobs.pgphase_state_copied

-- undo validate-3: add constraint public.jobs.pgphase_state_copied
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.jobs DROP CONSTRAINT pgphase_state_copied;
COMMIT;

-- nothing to undo for validate-2: check that no rows of public.jobs hold another value in pgphase_state_new than in state

-- nothing to undo for validate-1: check that no rows of public.jobs hold a label in state that the type no longer has

-- nothing to undo for backfill-1: backfill public.jobs (pgphase_state_new)

-- undo expand-2: add column public.jobs.pgphase_state_new; create function public.pgphase_jobs_state_sync(); create trigger public.jobs.pgphase_jobs_state_sync
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
DROP TRIGGER pgphase_jobs_state_sync ON public.jobs;
DROP FUNCTION public.pgphase_jobs_state_sync();
ALTER TABLE public.jobs DROP COLUMN pgphase_state_new;
COMMIT;

-- undo expand-1: create enum public.pgphase_state_new
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
DROP TYPE public.pgphase_state_new;
COMMIT;
