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

-- undo validate-5: drop constraint public.tokens.pgphase_secret_not_null
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.tokens ADD CONSTRAINT pgphase_secret_not_null CHECK (secret IS NOT NULL);
COMMIT;

-- undo validate-4: set column public.tokens.secret not null
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.tokens ALTER COLUMN secret DROP NOT NULL;
COMMIT;

-- nothing to undo for validate-3: validate constraint public.tokens.pgphase_secret_not_null

-- undo validate-2: add constraint public.tokens.pgphase_secret_not_null
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.tokens DROP CONSTRAINT pgphase_secret_not_null;
COMMIT;

-- nothing to undo for validate-1: check that no rows of public.tokens hold a null in secret

-- nothing to undo for backfill-1: backfill public.tokens (secret)

-- undo expand-1: add column public.tokens.secret
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
ALTER TABLE public.tokens ALTER COLUMN secret DROP DEFAULT;
ALTER TABLE public.tokens DROP COLUMN secret;
COMMIT;
