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

-- step expand-1 [50c01e7c3f71]: create subscription bare
--   number:      1 of 2 in this phase
--   why:         It is made without connecting to the publisher. Make its slot there, then name the slot, enable it and refresh its publications.
--   locks:       none on existing tables
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
CREATE SUBSCRIPTION bare
    CONNECTION 'host=publisher.invalid dbname=a'
    PUBLICATION p
    WITH (connect = false, enabled = false, create_slot = false, slot_name = NONE, streaming = off);
COMMIT;

-- step expand-2 [738189cb333c]: create subscription dumped
--   number:      2 of 2 in this phase
--   why:         It is made without connecting to the publisher. Make its slot there, then name the slot, enable it and refresh its publications.
--   locks:       none on existing tables
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
CREATE SUBSCRIPTION dumped
    CONNECTION E'host=publisher.invalid password=''it\\''s'''
    PUBLICATION "Two", one
    WITH (connect = false, enabled = false, create_slot = false, slot_name = 'dumped', binary = true, streaming = on, synchronous_commit = 'local');
COMMENT ON SUBSCRIPTION dumped IS 'from a dump';
COMMIT;
