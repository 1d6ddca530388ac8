-- Plan forward, phase 1 of 4: expand, for PostgreSQL 15.
-- Runs with: pgphase apply . --phase expand; or with: psql -X -f 1-expand.sql
-- Checksums of the steps are in plan.yaml: change the schema files and plan again rather than this file.

\set ON_ERROR_STOP on
SET client_min_messages = warning;
SET statement_timeout = 0;
SET idle_in_transaction_session_timeout = '60s';
SET standard_conforming_strings = on;
SET check_function_bodies = off;
SET default_transaction_isolation = 'read committed';
SET row_security = off;

-- step expand-1 [6d95396663d5]: add column public.visits.pgphase_id_new; create function public.pgphase_visits_id_sync(); create trigger public.visits.pgphase_visits_id_sync
--   number:      1 of 2 in this phase
--   why:         The trigger gives the twin what is written to the column.
--   locks:       ACCESS EXCLUSIVE on public.visits (reads and writes wait), ACCESS EXCLUSIVE on public.visits_0 (reads and writes wait), ACCESS EXCLUSIVE on public.visits_1 (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
ALTER TABLE public.visits ADD COLUMN pgphase_id_new bigint;
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

-- step expand-2 [9c25d280a834]: alter sequence public.visits_id_seq
--   number:      2 of 2 in this phase
--   locks:       SHARE ROW EXCLUSIVE on public.visits_id_seq (writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER SEQUENCE public.visits_id_seq AS bigint INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1 NO CYCLE;
COMMIT;
