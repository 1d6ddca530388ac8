-- Plan forward, phase 3 of 4: validate, for PostgreSQL 15.
-- Runs with: pgphase apply . --phase validate; or with: psql -X -f 3-validate.sql
-- Checksums of the steps are in plan.yaml: change the schema files and plan again rather than this file.

\set ON_ERROR_STOP on
SET client_min_messages = warning;
SET statement_timeout = 0;
SET idle_in_transaction_session_timeout = '60s';
SET standard_conforming_strings = on;
SET check_function_bodies = off;
SET default_transaction_isolation = 'read committed';
SET row_security = off;

-- step validate-1 [8c0c84bf63b0]: check that no rows of public.job differ from public.pgphase_job_new
--   number:      1 of 1 in this phase
--   why:         Asked before any lock is taken.
--   locks:       ACCESS SHARE on public.job (reads and writes go on)
--   duration:    grows with the table: reads all of public.job
--   transaction: none needed: it only reads
SET lock_timeout = '5s';
SET search_path = DEFAULT;
DO $$
DECLARE
    found bigint;
    sample text;
BEGIN
    SELECT pg_catalog.count(*) INTO found FROM (SELECT pgphase_here, pgphase_there FROM public.job AS pgphase_here FULL JOIN public.pgphase_job_new AS pgphase_there ON pgphase_here.id = pgphase_there.id WHERE pgphase_here.id IS NULL OR pgphase_there.id IS NULL OR ROW(pgphase_here.id, pgphase_here.line)::record OPERATOR(pg_catalog.*<>) ROW(pgphase_there.id, pgphase_there.line)::record) AS offending;
    IF found > 0 THEN
        SELECT pg_catalog.string_agg(pg_catalog.left(one::text, 200), ' ') INTO sample
            FROM (SELECT offending FROM (SELECT pgphase_here, pgphase_there FROM public.job AS pgphase_here FULL JOIN public.pgphase_job_new AS pgphase_there ON pgphase_here.id = pgphase_there.id WHERE pgphase_here.id IS NULL OR pgphase_there.id IS NULL OR ROW(pgphase_here.id, pgphase_here.line)::record OPERATOR(pg_catalog.*<>) ROW(pgphase_there.id, pgphase_there.line)::record) AS offending LIMIT 3) AS picked (one);
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = found || ' rows of public.job differ from public.pgphase_job_new',
            DETAIL = 'Among them: ' || sample,
            HINT = 'Correct these rows, then run the phase again.';
    END IF;
END
$$;
