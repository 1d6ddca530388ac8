-- Plan forward, phase 4 of 4: contract, for PostgreSQL 15.
-- Runs with: pgphase apply . --phase contract; or with: psql -X -f 4-contract.sql
-- Checksums of the steps are in plan.yaml: change the schema files and plan again rather than this file.

\set ON_ERROR_STOP on
SET client_min_messages = warning;
SET statement_timeout = 0;
SET idle_in_transaction_session_timeout = '60s';
SET standard_conforming_strings = on;
SET check_function_bodies = off;
SET default_transaction_isolation = 'read committed';
SET row_security = off;

-- step contract-1 [15e56975d23c]: drop function public.leaves(public.state)
--   number:      1 of 2 in this phase
--   locks:       none on existing tables
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
DROP FUNCTION public.leaves(public.state);
COMMIT;

-- step contract-2 [dd66dcfb6eb1]: drop function public.is_open(public.state); drop view public.open_jobs; 13 more changes
--   number:      2 of 2 in this phase
--   why:         In one transaction, so that every application sees either the old state or the new one.
--   locks:       ACCESS EXCLUSIVE on public.open_jobs (reads and writes wait), ACCESS EXCLUSIVE on public.jobs (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
--   hazard:      breaks-old-application:view public.open_jobs: public.open_jobs is made anew; its columns stay, and reads of it wait for a moment.
--   hazard:      breaks-old-application:function public.is_open(public.state): public.is_open is made anew; its form stays, and calls of it wait for a moment.
--   hazard:      old-shape:column public.jobs.state: The column public.jobs.state with the old labels goes; with the same values it has the new ones from here on, and stands last among the columns. Prepared statements over it fail once, and so do connections that remember the number of its type.
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
DROP FUNCTION public.is_open(public.state);
DROP VIEW public.open_jobs;
LOCK TABLE public.jobs IN ACCESS EXCLUSIVE MODE;
DROP TRIGGER pgphase_jobs_state_sync ON public.jobs;
DROP FUNCTION public.pgphase_jobs_state_sync();
ALTER TABLE public.jobs DROP COLUMN state;
DROP TYPE public.state;
ALTER TYPE public.pgphase_state_new RENAME TO state;
ALTER TYPE public.state OWNER TO postgres;
ALTER TABLE public.jobs RENAME COLUMN pgphase_state_new TO state;
ALTER TABLE public.jobs ALTER COLUMN state SET NOT NULL;
ALTER TABLE public.jobs DROP CONSTRAINT pgphase_state_not_null;
ALTER TABLE public.jobs ALTER COLUMN state SET DEFAULT 'new'::public.state;
ALTER INDEX public.pgphase_jobs_open_new RENAME TO jobs_open;
ALTER TABLE public.jobs RENAME CONSTRAINT pgphase_jobs_state_check_new TO jobs_state_check;
CREATE VIEW public.open_jobs AS
 SELECT jobs.id,
    jobs.state
   FROM public.jobs
  WHERE (jobs.state = 'new'::public.state);
CREATE FUNCTION public.is_open(s public.state)
    RETURNS boolean
    LANGUAGE sql
    IMMUTABLE
    AS $$ select s = 'new' $$;
ALTER VIEW public.open_jobs OWNER TO postgres;
ALTER FUNCTION public.is_open(public.state) OWNER TO postgres;
COMMIT;
