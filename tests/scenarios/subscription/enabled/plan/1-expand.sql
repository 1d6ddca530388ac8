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

-- step expand-1 [de82c09c2974]: create subscription new
--   number:      1 of 3 in this phase
--   why:         It is made without connecting to the publisher. Make its slot there, then name the slot, enable it and refresh its publications.
--   locks:       none on existing tables
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
CREATE SUBSCRIPTION new
    CONNECTION 'host=publisher.invalid'
    PUBLICATION one
    WITH (connect = false, enabled = false, create_slot = false, slot_name = 'new', streaming = off);
COMMIT;

-- step expand-2 [a6d5b6c51bdc]: alter subscription new
--   number:      2 of 3 in this phase
--   locks:       none on existing tables
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
--   hazard:      access:subscription new: From here on the server connects to the publisher and applies its changes; the slot must be there.
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER SUBSCRIPTION new ENABLE;
COMMIT;

-- step expand-3 [afb1b8a7a8de]: alter subscription s
--   number:      3 of 3 in this phase
--   locks:       none on existing tables
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
--   hazard:      access:subscription s: From here on the server connects to the publisher and applies its changes; the slot must be there.
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER SUBSCRIPTION s ENABLE;
COMMIT;
