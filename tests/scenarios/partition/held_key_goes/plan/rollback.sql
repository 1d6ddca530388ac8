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

-- undo contract-2: rename index public.pgphase_p_idx_new to p_idx; rename index public.p2_id_at_idx1 to p2_id_at_idx
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER INDEX public.p2_id_at_idx RENAME TO p2_id_at_idx1;
ALTER INDEX public.p_idx RENAME TO pgphase_p_idx_new;
COMMIT;

-- undo contract-1: drop index public.p_idx
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.p1 ADD CONSTRAINT p1_key PRIMARY KEY (id, at);
CREATE UNIQUE INDEX p2_id_at_idx ON public.p2 USING btree (id, at);
ALTER INDEX public.p_idx ATTACH PARTITION public.p2_id_at_idx;
CREATE UNIQUE INDEX p_idx ON public.p USING btree (id, at);
COMMENT ON CONSTRAINT p1_key ON public.p1 IS 'of its own';
COMMIT;

-- undo validate-6: alter index public.p2_id_at_idx1
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
DROP INDEX IF EXISTS public.pgphase_p_idx_new;
COMMIT;

-- undo validate-5: create index public.p2_id_at_idx1 concurrently
SET lock_timeout = 0;
SET search_path = public;
DROP INDEX CONCURRENTLY IF EXISTS public.p2_id_at_idx1;

-- undo validate-4: alter index public.p1_id_at_idx
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
DROP INDEX IF EXISTS public.pgphase_p_idx_new;
COMMIT;

-- undo validate-3: create index public.p1_id_at_idx concurrently
SET lock_timeout = 0;
SET search_path = public;
DROP INDEX CONCURRENTLY IF EXISTS public.p1_id_at_idx;

-- undo validate-2: create index public.pgphase_p_idx_new
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
DROP INDEX IF EXISTS public.pgphase_p_idx_new;
COMMIT;

-- nothing to undo for validate-1: check that no rows of public.p share a value of (id, at)
