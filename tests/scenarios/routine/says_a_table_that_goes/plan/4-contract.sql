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

-- step contract-1 [997e4a95f257]: drop column public.machines.fax
--   number:      1 of 2 in this phase
--   locks:       ACCESS EXCLUSIVE on public.machines (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
--   hazard:      data-loss:column public.machines.fax: Every value of column public.machines.fax is lost.
--   hazard:      breaks-old-application:function public.f(integer): The body of function public.f(integer) says column public.machines.fax, which goes; if it is meant, the routine fails from here on.
--   hazard:      breaks-old-application:function public.note(): The body of function public.note() says column public.machines.fax, which goes; if it is meant, the routine fails from here on.
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.machines DROP COLUMN fax;
COMMIT;

-- step contract-2 [29f44a22c773]: drop table public.users
--   number:      2 of 2 in this phase
--   locks:       ACCESS EXCLUSIVE on public.users (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
--   hazard:      data-loss:table public.users: Every row of public.users is lost.
--   hazard:      breaks-old-application:procedure public.p(): The body of procedure public.p() says table public.users, which goes; if it is meant, the routine fails from here on.
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
DROP TABLE public.users;
COMMIT;
