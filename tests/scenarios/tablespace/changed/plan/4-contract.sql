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

-- step contract-1 [be35c63f2274]: move table public.t to tablespace slow
--   number:      1 of 2 in this phase
--   locks:       ACCESS EXCLUSIVE on public.t (reads and writes wait)
--   duration:    grows with the table: rewrites public.t
--   transaction: one of its own
--   hazard:      rewrite:table public.t: public.t is copied while reads and writes wait.
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = DEFAULT;
ALTER TABLE public.t SET TABLESPACE slow;
COMMIT;

-- step contract-2 [2d0dd38a576a]: alter index public.by_b
--   number:      2 of 2 in this phase
--   locks:       ACCESS EXCLUSIVE on public.by_b (reads and writes wait)
--   duration:    grows with the table: builds an index on public.t
--   transaction: one of its own
--   hazard:      blocking-scan:index public.by_b: The index is copied while reads and writes that use it wait.
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = DEFAULT;
ALTER INDEX public.by_b SET TABLESPACE pg_default;
COMMIT;
