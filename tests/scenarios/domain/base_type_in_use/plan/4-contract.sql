-- Plan forward, phase 4 of 4: contract, for PostgreSQL 15.
-- Runs with: pgphase apply . --phase contract; or with: psql -X -f 4-contract.sql
-- Checksums of the steps are in plan.yaml: change the schema files and plan again rather than this file.

\set ON_ERROR_STOP on
SET client_min_messages = warning;
SET statement_timeout = 0;
SET idle_in_transaction_session_timeout = '60s';
SET standard_conforming_strings = on;
SET check_function_bodies = off;
SET default_transaction_isolation = 'read committed';
SET row_security = off;

-- step contract-1 [4ccc148a4493]: drop function public.doubled(public.amount); drop view public.large; 18 more changes
--   number:      1 of 1 in this phase
--   why:         In one transaction, so that every application sees either the old state or the new one.
--   locks:       ACCESS EXCLUSIVE on public.large (reads and writes wait), ACCESS EXCLUSIVE on public.orders (reads and writes wait), ACCESS EXCLUSIVE on public.refunds (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
--   hazard:      breaks-old-application:view public.large: The columns of public.large change, and reads of it wait for a moment.
--   hazard:      breaks-old-application:function public.doubled(public.amount): public.doubled is made anew; its form stays, and calls of it wait for a moment.
--   hazard:      old-shape:column public.orders.total: The column public.orders.total over integer goes; with the same values it is over bigint from here on, and stands last among the columns. Prepared statements over it fail once, and so do connections that remember the number of its type.
--   hazard:      old-shape:column public.refunds.total: The column public.refunds.total over integer goes; with the same values it is over bigint from here on, and stands last among the columns. Prepared statements over it fail once, and so do connections that remember the number of its type.
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
DROP FUNCTION public.doubled(public.amount);
DROP VIEW public.large;
LOCK TABLE public.orders, public.refunds IN ACCESS EXCLUSIVE MODE;
DROP TRIGGER pgphase_orders_total_sync ON public.orders;
DROP FUNCTION public.pgphase_orders_total_sync();
DROP TRIGGER pgphase_refunds_total_sync ON public.refunds;
DROP FUNCTION public.pgphase_refunds_total_sync();
ALTER TABLE public.orders DROP COLUMN total;
ALTER TABLE public.refunds DROP COLUMN total;
DROP DOMAIN public.amount;
ALTER DOMAIN public.pgphase_amount_new RENAME TO amount;
ALTER DOMAIN public.amount OWNER TO postgres;
COMMENT ON DOMAIN public.amount IS 'what is paid';
ALTER DOMAIN public.amount SET DEFAULT 1;
COMMENT ON CONSTRAINT positive ON DOMAIN public.amount IS 'never nothing';
ALTER TABLE public.orders RENAME COLUMN pgphase_total_new TO total;
ALTER TABLE public.orders ALTER COLUMN total SET NOT NULL;
ALTER TABLE public.orders DROP CONSTRAINT pgphase_total_not_null;
ALTER TABLE public.refunds RENAME COLUMN pgphase_total_new TO total;
ALTER TABLE public.refunds ALTER COLUMN total SET DEFAULT (5)::public.amount;
ALTER INDEX public.pgphase_orders_total_idx_new RENAME TO orders_total_idx;
ALTER TABLE public.orders RENAME CONSTRAINT pgphase_orders_total_check_new TO orders_total_check;
CREATE VIEW public.large AS
SELECT id, total FROM orders WHERE total > 1000::amount;
CREATE FUNCTION public.doubled(a public.amount)
    RETURNS public.amount
    LANGUAGE sql
    AS $$SELECT (a * 2)::public.amount$$;
ALTER VIEW public.large OWNER TO postgres;
ALTER FUNCTION public.doubled(public.amount) OWNER TO postgres;
COMMIT;
