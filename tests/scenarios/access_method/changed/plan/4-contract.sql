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

-- step contract-1 [004734b8d85e]: drop access method tree; create access method tree
--   number:      1 of 3 in this phase
--   why:         No ALTER exists (access method tree: its purpose or its handler differs), so it is made anew in one transaction.
--   locks:       none on existing tables
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
DROP ACCESS METHOD tree;
CREATE ACCESS METHOD tree TYPE INDEX HANDLER public.handler;
COMMENT ON ACCESS METHOD tree IS 'by a function of ours';
COMMIT;

-- step contract-2 [00f4e6dd85b0]: set the access method of table public.t to second
--   number:      2 of 3 in this phase
--   locks:       ACCESS EXCLUSIVE on public.t (reads and writes wait)
--   duration:    grows with the table: rewrites public.t
--   transaction: one of its own
--   hazard:      rewrite:table public.t: public.t and its indexes are rewritten while reads and writes wait.
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = DEFAULT;
ALTER TABLE public.t SET ACCESS METHOD second;
COMMIT;

-- step contract-3 [003516c70e27]: drop access method gone
--   number:      3 of 3 in this phase
--   locks:       none on existing tables
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
DROP ACCESS METHOD gone;
COMMIT;
