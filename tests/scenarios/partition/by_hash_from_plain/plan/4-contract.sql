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

-- step contract-1 [e7906a1319d9]: drop trigger public.job.pgphase_job_shadow; drop trigger public.job.pgphase_job_emptied; 5 more changes
--   number:      1 of 1 in this phase
--   why:         In one transaction, so that every application sees either the old table or the new one.
--   locks:       ACCESS EXCLUSIVE on public.job (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
--   hazard:      old-shape:table public.job: The old table public.job goes; the new one holds the same rows.
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
LOCK TABLE public.job, public.pgphase_job_new IN ACCESS EXCLUSIVE MODE;
DROP TRIGGER pgphase_job_shadow ON public.job;
DROP TRIGGER pgphase_job_emptied ON public.job;
DROP FUNCTION public.pgphase_job_shadow();
DROP TABLE public.job;
ALTER TABLE public.pgphase_job_new RENAME TO job;
ALTER TABLE public.job RENAME CONSTRAINT pgphase_job_pkey_new TO job_pkey;
ALTER INDEX public.pgphase_job_line_new RENAME TO job_line;
COMMIT;
