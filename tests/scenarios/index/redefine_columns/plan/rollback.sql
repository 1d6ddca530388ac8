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

-- undo contract-2: rename index public.pgphase_users_lookup_idx_new to users_lookup_idx
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER INDEX public.users_lookup_idx RENAME TO pgphase_users_lookup_idx_new;
COMMIT;

-- undo contract-1: drop index public.users_lookup_idx concurrently
SET lock_timeout = 0;
SET search_path = DEFAULT;
CREATE INDEX CONCURRENTLY users_lookup_idx ON public.users USING btree (email);

-- undo expand-1: create index public.pgphase_users_lookup_idx_new concurrently
SET lock_timeout = 0;
SET search_path = public;
DROP INDEX CONCURRENTLY IF EXISTS public.pgphase_users_lookup_idx_new;
