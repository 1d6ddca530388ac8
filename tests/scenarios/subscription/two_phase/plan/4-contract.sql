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

-- step contract-1 [4c5ea1837e18]: drop subscription s; create subscription s
--   number:      1 of 1 in this phase
--   why:         Before PostgreSQL 18 two_phase cannot be altered, so it is made anew, disabled.
--   locks:       none on existing tables
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
--   hazard:      data-loss:subscription s: How far it has applied changes is lost; its slot stays on the publisher and keeps WAL until somebody drops it there.
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER SUBSCRIPTION s DISABLE;
ALTER SUBSCRIPTION s SET (slot_name = NONE);
DROP SUBSCRIPTION s;
CREATE SUBSCRIPTION s
    CONNECTION 'host=publisher.invalid'
    PUBLICATION one
    WITH (connect = false, enabled = false, create_slot = false, slot_name = 's', two_phase = true, streaming = off);
ALTER SUBSCRIPTION s OWNER TO postgres;
COMMENT ON SUBSCRIPTION s IS 'stays';
COMMIT;
