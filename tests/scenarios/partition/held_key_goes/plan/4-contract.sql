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

-- step contract-1 [64e6d4eff35b]: drop index public.p_idx
--   number:      1 of 2 in this phase
--   why:         It cannot be altered: a key of a partition that serves it goes, and PostgreSQL drops neither without the other.
--   locks:       ACCESS EXCLUSIVE on public.p (reads and writes wait), ACCESS EXCLUSIVE on public.p1 (reads and writes wait), ACCESS EXCLUSIVE on public.p2 (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
DROP INDEX public.p_idx CASCADE;
COMMIT;

-- step contract-2 [30caa90a536b]: rename index public.pgphase_p_idx_new to p_idx; rename index public.p2_id_at_idx1 to p2_id_at_idx
--   number:      2 of 2 in this phase
--   locks:       none on existing tables
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER INDEX public.pgphase_p_idx_new RENAME TO p_idx;
ALTER INDEX public.p2_id_at_idx1 RENAME TO p2_id_at_idx;
COMMIT;
