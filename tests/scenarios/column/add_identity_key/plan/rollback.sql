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

-- undo validate-11: grant USAGE on sequence public.logs_id_seq to PUBLIC
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
REVOKE USAGE ON SEQUENCE public.logs_id_seq FROM PUBLIC;
COMMIT;

-- undo validate-10: comment on sequence public.logs_id_seq
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
COMMENT ON SEQUENCE public.logs_id_seq IS NULL;
COMMIT;

-- undo validate-9: add constraint public.logs.logs_pkey using index logs_pkey
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.logs DROP CONSTRAINT logs_pkey;
COMMIT;

-- undo validate-8: create index public.logs_pkey concurrently
SET lock_timeout = 0;
SET search_path = public;
DROP INDEX CONCURRENTLY IF EXISTS public.logs_pkey;

-- nothing to undo for validate-7: check that no rows of public.logs share a value of (id)

-- undo validate-6: drop default of column public.logs.id; set identity of column public.logs.id; 2 more changes
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
CREATE SEQUENCE public.pgphase_logs_id_count AS integer INCREMENT BY 5 START WITH 100;
GRANT USAGE ON SEQUENCE public.pgphase_logs_id_count TO PUBLIC;
DO $$
DECLARE
    stands bigint;
    given boolean;
    ahead boolean;
BEGIN
    EXECUTE pg_catalog.format('SELECT last_value, is_called FROM %s', pg_catalog.pg_get_serial_sequence('public.logs', 'id')::pg_catalog.regclass) INTO stands, given;
    SELECT CASE WHEN seqincrement > 0 THEN stands < seqmin ELSE stands > seqmax END INTO ahead
    FROM pg_catalog.pg_sequence WHERE seqrelid = 'public.pgphase_logs_id_count'::pg_catalog.regclass;
    IF NOT ahead THEN
        PERFORM pg_catalog.setval('public.pgphase_logs_id_count'::pg_catalog.regclass, stands, given);
    END IF;
END
$$;
ALTER TABLE public.logs ALTER COLUMN id DROP IDENTITY;
ALTER TABLE public.logs ALTER COLUMN id SET DEFAULT nextval('public.pgphase_logs_id_count'::regclass);
COMMIT;

-- undo validate-5: drop constraint public.logs.pgphase_id_not_null
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.logs ADD CONSTRAINT pgphase_id_not_null CHECK (id IS NOT NULL);
COMMIT;

-- undo validate-4: set column public.logs.id not null
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.logs ALTER COLUMN id DROP NOT NULL;
COMMIT;

-- nothing to undo for validate-3: validate constraint public.logs.pgphase_id_not_null

-- undo validate-2: add constraint public.logs.pgphase_id_not_null
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.logs DROP CONSTRAINT pgphase_id_not_null;
COMMIT;

-- nothing to undo for validate-1: check that no rows of public.logs hold a null in id

-- nothing to undo for backfill-1: backfill public.logs (id)

-- undo expand-1: add column public.logs.id; create sequence public.pgphase_logs_id_count; set default of column public.logs.id
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.logs ALTER COLUMN id DROP DEFAULT;
DROP SEQUENCE public.pgphase_logs_id_count;
ALTER TABLE public.logs DROP COLUMN id;
COMMIT;
