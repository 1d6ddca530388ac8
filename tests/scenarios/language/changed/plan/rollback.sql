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

-- undo contract-1: drop language gone
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
CREATE TRUSTED LANGUAGE gone HANDLER app.handler;
ALTER LANGUAGE gone OWNER TO postgres;
COMMIT;

-- undo expand-4: grant USAGE on language other to language_user
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
REVOKE USAGE ON LANGUAGE other FROM language_user;
COMMIT;

-- undo expand-3: owner of language other to language_owner
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER LANGUAGE other OWNER TO language_before;
COMMIT;

-- undo expand-2: alter language mine
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
CREATE OR REPLACE LANGUAGE mine HANDLER app.handler;
COMMIT;

-- undo expand-1: comment on language mine
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
COMMENT ON LANGUAGE mine IS NULL;
COMMIT;
