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

-- step expand-1 [87565213c596]: create domain public.pgphase_amount_new
--   number:      1 of 3 in this phase
--   why:         A domain keeps its base type: this one takes the name in the end.
--   locks:       none on existing tables
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
CREATE DOMAIN public.pgphase_amount_new AS bigint;
COMMIT;

-- step expand-2 [762ee5bf0d78]: add column public.orders.pgphase_total_new; create function public.pgphase_orders_total_sync(); create trigger public.orders.pgphase_orders_total_sync
--   number:      2 of 3 in this phase
--   why:         The trigger gives the twin what is written to the column.
--   locks:       ACCESS EXCLUSIVE on public.orders (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
ALTER TABLE public.orders ADD COLUMN pgphase_total_new public.pgphase_amount_new;
CREATE FUNCTION public.pgphase_orders_total_sync()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
#variable_conflict use_column
BEGIN
    NEW.pgphase_total_new := NEW.total;
    RETURN NEW;
END
$$;
CREATE TRIGGER pgphase_orders_total_sync
    BEFORE INSERT OR UPDATE ON public.orders
    FOR EACH ROW
    EXECUTE FUNCTION public.pgphase_orders_total_sync();
ALTER TABLE public.orders ENABLE ALWAYS TRIGGER pgphase_orders_total_sync;
COMMIT;

-- step expand-3 [7d22ef0c4be1]: add column public.refunds.pgphase_total_new; create function public.pgphase_refunds_total_sync(); create trigger public.refunds.pgphase_refunds_total_sync
--   number:      3 of 3 in this phase
--   why:         The trigger gives the twin what is written to the column.
--   locks:       ACCESS EXCLUSIVE on public.refunds (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
ALTER TABLE public.refunds ADD COLUMN pgphase_total_new public.pgphase_amount_new;
CREATE FUNCTION public.pgphase_refunds_total_sync()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
#variable_conflict use_column
BEGIN
    NEW.pgphase_total_new := NEW.total;
    RETURN NEW;
END
$$;
CREATE TRIGGER pgphase_refunds_total_sync
    BEFORE INSERT OR UPDATE ON public.refunds
    FOR EACH ROW
    EXECUTE FUNCTION public.pgphase_refunds_total_sync();
ALTER TABLE public.refunds ENABLE ALWAYS TRIGGER pgphase_refunds_total_sync;
COMMIT;
