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

-- undo contract-2: drop collation public.gone
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
CREATE COLLATION public.gone (provider = icu, locale = 'sv');
ALTER COLLATION public.gone OWNER TO postgres;
COMMIT;

-- undo contract-1: drop collation public.c1; create collation public.c1
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
DROP COLLATION public.c1;
CREATE COLLATION public.c1 (provider = icu, locale = 'sv');
COMMENT ON COLLATION public.c1 IS 'one';
ALTER COLLATION public.c1 OWNER TO postgres;
COMMIT;
