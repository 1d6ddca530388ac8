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

-- step expand-1 [059aa809367f]: comment on subscription s
--   number:      1 of 5 in this phase
--   locks:       none on existing tables
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
COMMENT ON SUBSCRIPTION s IS 'changed';
COMMIT;

-- step expand-2 [50491a95d5b6]: alter subscription s
--   number:      2 of 5 in this phase
--   locks:       none on existing tables
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER SUBSCRIPTION s CONNECTION 'host=other.invalid';
COMMIT;

-- step expand-3 [73cf3ccbcb27]: alter subscription s
--   number:      3 of 5 in this phase
--   why:         The tables are not read anew, which would connect to the publisher: run ALTER SUBSCRIPTION ... REFRESH PUBLICATION afterwards.
--   locks:       none on existing tables
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER SUBSCRIPTION s SET PUBLICATION three, two WITH (refresh = false);
COMMIT;

-- step expand-4 [41666185286c]: alter subscription s
--   number:      4 of 5 in this phase
--   locks:       none on existing tables
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER SUBSCRIPTION s SET (binary = true, streaming = on, synchronous_commit = 'remote_apply');
COMMIT;

-- step expand-5 [c1584b673753]: alter subscription s
--   number:      5 of 5 in this phase
--   locks:       none on existing tables
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER SUBSCRIPTION s SET (slot_name = NONE);
COMMIT;
