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

-- step expand-1 [318e4464d296]: set default of column public.users.due
--   number:      1 of 2 in this phase
--   locks:       ACCESS EXCLUSIVE on public.users (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
ALTER TABLE public.users ALTER COLUMN due SET DEFAULT CURRENT_DATE + 14;
COMMIT;

-- step expand-2 [8808d266d8b3]: set default of column public.users.plan
--   number:      2 of 2 in this phase
--   locks:       ACCESS EXCLUSIVE on public.users (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
ALTER TABLE public.users ALTER COLUMN plan SET DEFAULT 'basic';
COMMIT;
