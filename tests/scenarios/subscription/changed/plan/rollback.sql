-- Undoes plan forward, last step first: pgphase rollback . --to PHASE runs the part whose steps have run, and nothing else.
-- With psql, run only that part: the steps are marked. What a step deleted does not come back.

\set ON_ERROR_STOP on
SET client_min_messages = warning;
SET statement_timeout = 0;
SET idle_in_transaction_session_timeout = '60s';
SET standard_conforming_strings = on;
SET check_function_bodies = off;
SET default_transaction_isolation = 'read committed';
SET row_security = off;

-- undo contract-1: drop subscription gone
-- without what was lost: how far gone has applied changes
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
CREATE SUBSCRIPTION gone
    CONNECTION 'host=publisher.invalid'
    PUBLICATION one
    WITH (connect = false, enabled = false, create_slot = false, slot_name = 'gone', streaming = off);
ALTER SUBSCRIPTION gone OWNER TO postgres;
COMMIT;

-- undo expand-5: alter subscription s
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER SUBSCRIPTION s SET (slot_name = 's');
COMMIT;

-- undo expand-4: alter subscription s
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER SUBSCRIPTION s SET (binary = false, streaming = off, synchronous_commit = 'off');
COMMIT;

-- undo expand-3: alter subscription s
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER SUBSCRIPTION s SET PUBLICATION one, two WITH (refresh = false);
COMMIT;

-- undo expand-2: alter subscription s
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER SUBSCRIPTION s CONNECTION 'host=publisher.invalid';
COMMIT;

-- undo expand-1: comment on subscription s
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
COMMENT ON SUBSCRIPTION s IS NULL;
COMMIT;
