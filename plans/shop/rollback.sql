-- Undoes plan shop, last step first: pgphase rollback . --to PHASE runs the part whose steps have run, and nothing else.
-- With psql, run only that part: the steps are marked. What a step deleted does not come back.

\set ON_ERROR_STOP on
SET client_min_messages = warning;
SET statement_timeout = 0;
SET idle_in_transaction_session_timeout = '60s';
SET standard_conforming_strings = on;
SET check_function_bodies = off;
SET default_transaction_isolation = 'read committed';
SET row_security = off;

-- undo contract-2: drop column public.customers.fax
-- without what was lost: every value of public.customers.fax
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.customers ADD COLUMN fax text;
COMMIT;

-- undo contract-1: drop view public.order_totals; create view public.order_totals
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
DROP VIEW public.order_totals;
CREATE VIEW public.order_totals AS
SELECT o.id, o.customer_id, sum(l.quantity * l.price) AS total
FROM orders o
JOIN order_lines l ON l.order_id = o.id
GROUP BY o.id;
COMMIT;

-- undo validate-24: drop constraint public.customers.pgphase_email_not_null
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.customers ADD CONSTRAINT pgphase_email_not_null CHECK (email IS NOT NULL);
COMMIT;

-- undo validate-23: set column public.customers.email not null
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.customers ALTER COLUMN email DROP NOT NULL;
COMMIT;

-- nothing to undo for validate-22: validate constraint public.customers.pgphase_email_not_null

-- undo validate-21: add constraint public.customers.pgphase_email_not_null
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.customers DROP CONSTRAINT pgphase_email_not_null;
COMMIT;

-- nothing to undo for validate-20: check that no rows of public.customers hold a null in email

-- undo validate-19: create index public.products_sku_idx concurrently
SET lock_timeout = 0;
SET search_path = public;
DROP INDEX CONCURRENTLY IF EXISTS public.products_sku_idx;

-- nothing to undo for validate-18: check that no rows of public.products share a value of (sku)

-- nothing to undo for validate-17: validate constraint public.products.products_price_positive

-- undo validate-16: add constraint public.products.products_price_positive
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
ALTER TABLE public.products DROP CONSTRAINT products_price_positive;
COMMIT;

-- nothing to undo for validate-15: check that no rows of public.products violate products_price_positive

-- nothing to undo for validate-14: validate constraint public.orders.orders_customer_fkey

-- undo validate-13: add constraint public.orders.orders_customer_fkey
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.orders DROP CONSTRAINT orders_customer_fkey;
COMMIT;

-- nothing to undo for validate-12: check that no rows of public.orders reference no row of public.customers

-- nothing to undo for validate-11: validate constraint public.order_lines.order_lines_quantity_positive

-- undo validate-10: add constraint public.order_lines.order_lines_quantity_positive
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
ALTER TABLE public.order_lines DROP CONSTRAINT order_lines_quantity_positive;
COMMIT;

-- nothing to undo for validate-9: check that no rows of public.order_lines violate order_lines_quantity_positive

-- undo validate-8: add constraint public.customers.customers_email_key using index customers_email_key
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.customers DROP CONSTRAINT customers_email_key;
COMMIT;

-- undo validate-7: create index public.customers_email_key concurrently
SET lock_timeout = 0;
SET search_path = public;
DROP INDEX CONCURRENTLY IF EXISTS public.customers_email_key;

-- nothing to undo for validate-6: check that no rows of public.customers share a value of (email)

-- undo validate-5: drop constraint public.customers.pgphase_token_not_null
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.customers ADD CONSTRAINT pgphase_token_not_null CHECK (token IS NOT NULL);
COMMIT;

-- undo validate-4: set column public.customers.token not null
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.customers ALTER COLUMN token DROP NOT NULL;
COMMIT;

-- nothing to undo for validate-3: validate constraint public.customers.pgphase_token_not_null

-- undo validate-2: add constraint public.customers.pgphase_token_not_null
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.customers DROP CONSTRAINT pgphase_token_not_null;
COMMIT;

-- nothing to undo for validate-1: check that no rows of public.customers hold a null in token

-- nothing to undo for backfill-1: backfill public.customers (token)

-- undo expand-6: change type of column public.customers.name to character varying(200)
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.customers ALTER COLUMN name TYPE character varying(60);
COMMIT;

-- nothing to undo for expand-5: add value 'packed' to enum public.order_state

-- undo expand-4: comment on table public.customers
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
COMMENT ON TABLE public.customers IS NULL;
COMMIT;

-- undo expand-3: create index public.orders_open_idx concurrently
SET lock_timeout = 0;
SET search_path = public;
DROP INDEX CONCURRENTLY IF EXISTS public.orders_open_idx;

-- undo expand-2: add column public.products.in_stock
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
ALTER TABLE public.products DROP COLUMN in_stock;
COMMIT;

-- undo expand-1: add column public.customers.token
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
ALTER TABLE public.customers ALTER COLUMN token DROP DEFAULT;
ALTER TABLE public.customers DROP COLUMN token;
COMMIT;
