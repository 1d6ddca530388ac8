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

-- undo contract-2: drop rule public.p.quiet; change type of column public.p.id to bigint; create rule public.p.quiet
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
DROP RULE quiet ON public.p;
ALTER TABLE public.p ALTER COLUMN id TYPE integer;
CREATE RULE quiet AS
    ON DELETE TO public.p
    WHERE (old.id < 0)
    DO INSTEAD NOTHING;
COMMIT;

-- undo contract-1: drop rule public.base.quiet; change type of column public.base.id to bigint; create rule public.base.quiet
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
DROP RULE quiet ON public.base;
ALTER TABLE public.base ALTER COLUMN id TYPE integer;
CREATE RULE quiet AS
    ON DELETE TO public.base
    WHERE (old.id < 0)
    DO INSTEAD NOTHING;
COMMIT;

-- undo expand-1: change type of column public.base.code to character varying(20)
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.base ALTER COLUMN code TYPE character varying(10);
COMMIT;
