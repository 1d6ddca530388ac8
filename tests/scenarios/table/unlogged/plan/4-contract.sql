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

-- step contract-1 [7037a555959e]: set table public.cache unlogged
--   number:      1 of 1 in this phase
--   locks:       ACCESS EXCLUSIVE on public.cache (reads and writes wait)
--   duration:    grows with the table: rewrites public.cache
--   transaction: one of its own
--   hazard:      rewrite:table public.cache: public.cache and its indexes are rewritten while reads and writes wait.
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = DEFAULT;
ALTER TABLE public.cache SET UNLOGGED;
COMMIT;
