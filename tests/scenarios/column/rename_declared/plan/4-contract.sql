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

-- step contract-1 [d36c141d4b2d]: drop trigger public.users.pgphase_users_name_sync; drop function public.pgphase_users_name_sync(); 2 more changes
--   number:      1 of 1 in this phase
--   why:         In one transaction, so that every application sees either the old state or the new one.
--   locks:       ACCESS EXCLUSIVE on public.users (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
--   hazard:      old-shape:column public.users.name: The column public.users.name goes; the same values are in column public.users.full_name, which stands last among the columns.
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
LOCK TABLE public.users IN ACCESS EXCLUSIVE MODE;
DROP TRIGGER pgphase_users_name_sync ON public.users;
DROP FUNCTION public.pgphase_users_name_sync();
DROP SEQUENCE public.pgphase_users_name_old;
ALTER TABLE public.users DROP COLUMN name;
COMMIT;
