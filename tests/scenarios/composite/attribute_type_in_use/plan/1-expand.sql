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

-- step expand-1 [03f178432d44]: create composite type public.pgphase_pair_new
--   number:      1 of 2 in this phase
--   why:         Attributes of a type that columns have keep their types and their order: this one takes the name in the end.
--   locks:       none on existing tables
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
CREATE TYPE public.pgphase_pair_new AS (
    a bigint,
    b text
);
COMMIT;

-- step expand-2 [8b86c31c5092]: add column public.t.pgphase_x_new; add column public.t.pgphase_y_new; 2 more changes
--   number:      2 of 2 in this phase
--   why:         The trigger gives the twin what is written to the column.
--   locks:       ACCESS EXCLUSIVE on public.t (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
ALTER TABLE public.t ADD COLUMN pgphase_x_new public.pgphase_pair_new;
ALTER TABLE public.t ADD COLUMN pgphase_y_new public.pgphase_pair_new;
CREATE FUNCTION public.pgphase_t_x_y_sync()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
#variable_conflict use_column
BEGIN
    SELECT (CASE WHEN x IS NOT DISTINCT FROM NULL THEN NULL ELSE (ROW((x).a::bigint, (x).b))::public.pgphase_pair_new END) INTO NEW.pgphase_x_new FROM (SELECT NEW.*) AS t;
    SELECT (CASE WHEN y IS NOT DISTINCT FROM NULL THEN NULL ELSE (ROW((y).a::bigint, (y).b))::public.pgphase_pair_new END) INTO NEW.pgphase_y_new FROM (SELECT NEW.*) AS t;
    RETURN NEW;
END
$$;
CREATE TRIGGER pgphase_t_x_y_sync
    BEFORE INSERT OR UPDATE ON public.t
    FOR EACH ROW
    EXECUTE FUNCTION public.pgphase_t_x_y_sync();
ALTER TABLE public.t ENABLE ALWAYS TRIGGER pgphase_t_x_y_sync;
COMMIT;
