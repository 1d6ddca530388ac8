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

-- undo contract-2: drop trigger public.visits.pgphase_visits_id_sync; drop function public.pgphase_visits_id_sync(); 12 more changes
-- without what was lost: every value of public.visits.id
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.visits DROP CONSTRAINT visits_pkey;
ALTER TABLE public.visits ALTER COLUMN id DROP DEFAULT;
ALTER TABLE public.visits ADD CONSTRAINT pgphase_id_not_null CHECK (id IS NOT NULL);
ALTER TABLE public.visits ALTER COLUMN id DROP NOT NULL;
ALTER TABLE public.visits RENAME COLUMN id TO pgphase_id_new;
ALTER TABLE public.visits ADD COLUMN id integer DEFAULT nextval('public.visits_id_seq'::regclass) NOT NULL;
ALTER TABLE public.visits ADD CONSTRAINT visits_pkey PRIMARY KEY (id, site);
ALTER TABLE public.visits ADD CONSTRAINT pgphase_id_copied CHECK (pgphase_id_new IS NOT NULL OR id IS NULL);
ALTER SEQUENCE public.visits_id_seq OWNED BY public.visits.id;
CREATE FUNCTION public.pgphase_visits_id_sync()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
#variable_conflict use_column
BEGIN
    NEW.pgphase_id_new := NEW.id;
    RETURN NEW;
END
$$;
CREATE TRIGGER pgphase_visits_id_sync
    BEFORE INSERT OR UPDATE ON public.visits
    FOR EACH ROW
    EXECUTE FUNCTION public.pgphase_visits_id_sync();
ALTER TABLE public.visits ENABLE ALWAYS TRIGGER pgphase_visits_id_sync;
COMMIT;

-- nothing to undo for contract-1: check that no rows of public.visits hold another value in pgphase_id_new than in id

-- nothing to undo for validate-8: validate constraint public.visits.pgphase_id_not_null

-- undo validate-7: add constraint public.visits.pgphase_id_not_null
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.visits DROP CONSTRAINT pgphase_id_not_null;
COMMIT;

-- nothing to undo for validate-6: check that no rows of public.visits hold a null in pgphase_id_new

-- undo validate-5: create index public.pgphase_visits_1_pkey_new concurrently
SET lock_timeout = 0;
SET search_path = public;
DROP INDEX CONCURRENTLY IF EXISTS public.pgphase_visits_1_pkey_new;

-- undo validate-4: create index public.pgphase_visits_0_pkey_new concurrently
SET lock_timeout = 0;
SET search_path = public;
DROP INDEX CONCURRENTLY IF EXISTS public.pgphase_visits_0_pkey_new;

-- nothing to undo for validate-3: validate constraint public.visits.pgphase_id_copied

-- undo validate-2: add constraint public.visits.pgphase_id_copied
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.visits DROP CONSTRAINT pgphase_id_copied;
COMMIT;

-- nothing to undo for validate-1: check that no rows of public.visits hold another value in pgphase_id_new than in id

-- nothing to undo for backfill-1: backfill public.visits (pgphase_id_new)

-- undo expand-2: alter sequence public.visits_id_seq
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER SEQUENCE public.visits_id_seq AS integer INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1 NO CYCLE;
COMMIT;

-- undo expand-1: add column public.visits.pgphase_id_new; create function public.pgphase_visits_id_sync(); create trigger public.visits.pgphase_visits_id_sync
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
DROP TRIGGER pgphase_visits_id_sync ON public.visits;
DROP FUNCTION public.pgphase_visits_id_sync();
ALTER TABLE public.visits DROP COLUMN pgphase_id_new;
COMMIT;
