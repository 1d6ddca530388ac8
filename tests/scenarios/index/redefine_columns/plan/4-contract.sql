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

-- step contract-1 [a2e926b3771a]: drop index public.users_lookup_idx concurrently
--   number:      1 of 2 in this phase
--   why:         It cannot be altered: its definition differs.
--   locks:       SHARE UPDATE EXCLUSIVE on public.users (reads and writes go on)
--   duration:    short, whatever the size of the tables
--   transaction: none: PostgreSQL does not allow one here
SET lock_timeout = 0;
SET search_path = DEFAULT;
DROP INDEX CONCURRENTLY public.users_lookup_idx;

-- step contract-2 [1d531f7607aa]: rename index public.pgphase_users_lookup_idx_new to users_lookup_idx
--   number:      2 of 2 in this phase
--   locks:       none on existing tables
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER INDEX public.pgphase_users_lookup_idx_new RENAME TO users_lookup_idx;
COMMIT;
