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

-- step expand-1 [2924a94949b7]: add column public.logs.id; create sequence public.pgphase_logs_id_count; set default of column public.logs.id
--   number:      1 of 1 in this phase
--   why:         A sequence of ours numbers new rows until every row has a number; nothing is rewritten.
--   locks:       ACCESS EXCLUSIVE on public.logs (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.logs ADD COLUMN id integer;
CREATE SEQUENCE public.pgphase_logs_id_count AS integer INCREMENT BY 5 START WITH 100;
GRANT USAGE ON SEQUENCE public.pgphase_logs_id_count TO PUBLIC;
ALTER TABLE public.logs ALTER COLUMN id SET DEFAULT nextval('public.pgphase_logs_id_count'::regclass);
COMMENT ON COLUMN public.logs.id IS 'numbered';
COMMIT;
