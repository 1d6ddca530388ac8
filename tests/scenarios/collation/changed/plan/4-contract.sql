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

-- step contract-1 [261c67c143c9]: drop collation public.c1; create collation public.c1
--   number:      1 of 2 in this phase
--   why:         No ALTER exists (collation public.c1: a collation keeps its locale and its rules), so it is made anew in one transaction.
--   locks:       none on existing tables
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
DROP COLLATION public.c1;
CREATE COLLATION public.c1 (provider = icu, deterministic = false, locale = 'sv-u-co-standard');
COMMENT ON COLLATION public.c1 IS 'two';
ALTER COLLATION public.c1 OWNER TO postgres;
COMMIT;

-- step contract-2 [badd875cbf7c]: drop collation public.gone
--   number:      2 of 2 in this phase
--   locks:       none on existing tables
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
DROP COLLATION public.gone;
COMMIT;
