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

-- nothing to undo for contract-3: grant SELECT on column public.users.id to app_reader

-- undo contract-2: grant SELECT, UPDATE on column public.users.email to app_reader
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
REVOKE UPDATE (email) ON public.users FROM app_reader;
COMMIT;

-- undo contract-1: revoke SELECT on table public.users from app_reader
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
REVOKE SELECT (email) ON public.users FROM app_reader;
REVOKE SELECT (id) ON public.users FROM app_reader;
GRANT SELECT ON TABLE public.users TO app_reader;
COMMIT;

-- undo expand-1: grant INSERT, SELECT, UPDATE on table public.users to app_writer
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
REVOKE INSERT, SELECT, UPDATE ON TABLE public.users FROM app_writer;
COMMIT;
