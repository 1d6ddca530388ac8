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

-- step expand-1 [66def231c4f0]: change type of column public.base.code to character varying(20)
--   number:      1 of 1 in this phase
--   why:         Only the catalog changes: no row is rewritten, no index rebuilt, no check repeated.
--   locks:       ACCESS EXCLUSIVE on public.base (reads and writes wait), ACCESS EXCLUSIVE on public.declares (reads and writes wait), ACCESS EXCLUSIVE on public.inherits (reads and writes wait), ACCESS EXCLUSIVE on public.keyed (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.base ALTER COLUMN code TYPE character varying(20);
COMMIT;
