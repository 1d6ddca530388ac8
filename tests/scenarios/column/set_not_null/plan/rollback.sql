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

-- undo validate-5: drop constraint public.users.pgphase_email_not_null
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.users ADD CONSTRAINT pgphase_email_not_null CHECK (email IS NOT NULL);
COMMIT;

-- undo validate-4: set column public.users.email not null
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.users ALTER COLUMN email DROP NOT NULL;
COMMIT;

-- nothing to undo for validate-3: validate constraint public.users.pgphase_email_not_null

-- undo validate-2: add constraint public.users.pgphase_email_not_null
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.users DROP CONSTRAINT pgphase_email_not_null;
COMMIT;

-- nothing to undo for validate-1: check that no rows of public.users hold a null in email
