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

-- undo contract-1: drop function public.doubled(public.amount); drop view public.large; 18 more changes
-- without what was lost: every value of public.orders.total; every value of public.refunds.total
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
DROP FUNCTION public.doubled(public.amount);
DROP VIEW public.large;
ALTER TABLE public.orders RENAME CONSTRAINT orders_total_check TO pgphase_orders_total_check_new;
ALTER INDEX public.orders_total_idx RENAME TO pgphase_orders_total_idx_new;
ALTER TABLE public.refunds ALTER COLUMN total DROP DEFAULT;
ALTER TABLE public.refunds RENAME COLUMN total TO pgphase_total_new;
ALTER TABLE public.orders ADD CONSTRAINT pgphase_total_not_null CHECK (total IS NOT NULL);
ALTER TABLE public.orders ALTER COLUMN total DROP NOT NULL;
ALTER TABLE public.orders RENAME COLUMN total TO pgphase_total_new;
COMMENT ON CONSTRAINT positive ON DOMAIN public.amount IS NULL;
ALTER DOMAIN public.amount DROP DEFAULT;
COMMENT ON DOMAIN public.amount IS NULL;
ALTER DOMAIN public.amount RENAME TO pgphase_amount_new;
CREATE DOMAIN public.amount AS integer DEFAULT 1;
ALTER DOMAIN public.amount ADD CONSTRAINT positive CHECK (VALUE > 0);
COMMENT ON CONSTRAINT positive ON DOMAIN public.amount IS 'never nothing';
COMMENT ON DOMAIN public.amount IS 'what is paid';
ALTER DOMAIN public.amount OWNER TO postgres;
ALTER TABLE public.refunds ADD COLUMN total public.amount DEFAULT (5)::public.amount;
ALTER TABLE public.refunds ADD CONSTRAINT pgphase_total_copied CHECK (pgphase_total_new IS NOT NULL OR total IS NULL);
ALTER TABLE public.orders ADD COLUMN total public.amount NOT NULL;
ALTER TABLE public.orders ADD CONSTRAINT orders_total_check CHECK ((total)::integer <> 7);
ALTER TABLE public.orders ADD CONSTRAINT pgphase_total_copied CHECK (pgphase_total_new IS NOT NULL OR total IS NULL);
CREATE INDEX orders_total_idx ON public.orders USING btree (total);
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
CREATE VIEW public.large AS
 SELECT orders.id,
    orders.total
   FROM public.orders
  WHERE ((orders.total)::integer > ((1000)::public.amount)::integer);
ALTER VIEW public.large OWNER TO postgres;
CREATE FUNCTION public.doubled(a public.amount)
    RETURNS public.amount
    LANGUAGE sql
    AS $$SELECT (a * 2)::public.amount$$;
ALTER FUNCTION public.doubled(public.amount) OWNER TO postgres;
COMMIT;

-- nothing to undo for validate-17: validate constraint public.orders.pgphase_total_not_null

-- undo validate-16: add constraint public.orders.pgphase_total_not_null
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.orders DROP CONSTRAINT pgphase_total_not_null;
COMMIT;

-- nothing to undo for validate-15: check that no rows of public.orders hold a null in pgphase_total_new

-- nothing to undo for validate-14: validate constraint public.orders.pgphase_orders_total_check_new

-- undo validate-13: add constraint public.orders.pgphase_orders_total_check_new
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
ALTER TABLE public.orders DROP CONSTRAINT pgphase_orders_total_check_new;
COMMIT;

-- nothing to undo for validate-12: check that no rows of public.orders violate orders_total_check

-- undo validate-11: create index public.pgphase_orders_total_idx_new concurrently
SET lock_timeout = 0;
SET search_path = public;
DROP INDEX CONCURRENTLY IF EXISTS public.pgphase_orders_total_idx_new;

-- nothing to undo for validate-10: validate domain constraint public.pgphase_amount_new.positive

-- undo validate-9: add domain constraint public.pgphase_amount_new.positive
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER DOMAIN public.pgphase_amount_new DROP CONSTRAINT positive;
COMMIT;

-- nothing to undo for validate-8: check that no rows of public.refunds violate positive in total

-- nothing to undo for validate-7: check that no rows of public.orders violate positive in total

-- nothing to undo for validate-6: validate constraint public.refunds.pgphase_total_copied

-- undo validate-5: add constraint public.refunds.pgphase_total_copied
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.refunds DROP CONSTRAINT pgphase_total_copied;
COMMIT;

-- nothing to undo for validate-4: check that no rows of public.refunds hold another value in pgphase_total_new than in total

-- nothing to undo for validate-3: validate constraint public.orders.pgphase_total_copied

-- undo validate-2: add constraint public.orders.pgphase_total_copied
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.orders DROP CONSTRAINT pgphase_total_copied;
COMMIT;

-- nothing to undo for validate-1: check that no rows of public.orders hold another value in pgphase_total_new than in total

-- nothing to undo for backfill-2: backfill public.refunds (pgphase_total_new)

-- nothing to undo for backfill-1: backfill public.orders (pgphase_total_new)

-- undo expand-3: add column public.refunds.pgphase_total_new; create function public.pgphase_refunds_total_sync(); create trigger public.refunds.pgphase_refunds_total_sync
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
DROP TRIGGER pgphase_refunds_total_sync ON public.refunds;
DROP FUNCTION public.pgphase_refunds_total_sync();
ALTER TABLE public.refunds DROP COLUMN pgphase_total_new;
COMMIT;

-- undo expand-2: add column public.orders.pgphase_total_new; create function public.pgphase_orders_total_sync(); create trigger public.orders.pgphase_orders_total_sync
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
DROP TRIGGER pgphase_orders_total_sync ON public.orders;
DROP FUNCTION public.pgphase_orders_total_sync();
ALTER TABLE public.orders DROP COLUMN pgphase_total_new;
COMMIT;

-- undo expand-1: create domain public.pgphase_amount_new
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
DROP DOMAIN public.pgphase_amount_new;
COMMIT;
