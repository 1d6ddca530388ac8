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

-- step contract-1 [da7954ddd22b]: revoke SELECT on table public.users from app_reader
--   number:      1 of 3 in this phase
--   why:         Until contract the old application may use it.
--   locks:       none on existing tables
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
REVOKE SELECT ON TABLE public.users FROM app_reader;
GRANT SELECT (id) ON public.users TO app_reader;
GRANT SELECT (email) ON public.users TO app_reader;
COMMIT;

-- step contract-2 [2da0d30121a5]: grant SELECT, UPDATE on column public.users.email to app_reader
--   number:      2 of 3 in this phase
--   locks:       none on existing tables
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
GRANT SELECT (email), UPDATE (email) ON public.users TO app_reader;
COMMIT;

-- step contract-3 [02aa233e7fce]: grant SELECT on column public.users.id to app_reader
--   number:      3 of 3 in this phase
--   locks:       none on existing tables
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
GRANT SELECT (id) ON public.users TO app_reader;
COMMIT;
