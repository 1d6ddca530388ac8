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

-- step expand-1 [5f17b7edf7fe]: comment on language mine
--   number:      1 of 4 in this phase
--   locks:       none on existing tables
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
COMMENT ON LANGUAGE mine IS 'changed';
COMMIT;

-- step expand-2 [9d17d6eadc37]: alter language mine
--   number:      2 of 4 in this phase
--   locks:       none on existing tables
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
CREATE OR REPLACE TRUSTED LANGUAGE mine HANDLER app.handler VALIDATOR app.validator;
COMMIT;

-- step expand-3 [ce2c78f27b0a]: owner of language other to language_owner
--   number:      3 of 4 in this phase
--   why:         From then on language_before may do what is granted to it.
--   locks:       none on existing tables
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER LANGUAGE other OWNER TO language_owner;
COMMIT;

-- step expand-4 [364f8741087e]: grant USAGE on language other to language_user
--   number:      4 of 4 in this phase
--   locks:       none on existing tables
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
GRANT USAGE ON LANGUAGE other TO language_user;
COMMIT;
