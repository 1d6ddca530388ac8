-- Plan shop, phase 1 of 4: expand, for PostgreSQL 15.
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

-- step expand-1 [cc1495db7e8a]: add column public.customers.token
--   number:      1 of 6 in this phase
--   why:         Set apart from ADD COLUMN, a volatile default is not computed for existing rows, so nothing is rewritten.
--   locks:       ACCESS EXCLUSIVE on public.customers (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
ALTER TABLE public.customers ADD COLUMN token uuid;
ALTER TABLE public.customers ALTER COLUMN token SET DEFAULT gen_random_uuid();
COMMIT;

-- step expand-2 [1564b0af17f6]: add column public.products.in_stock
--   number:      2 of 6 in this phase
--   why:         The default is not volatile, so existing rows get it without a rewrite.
--   locks:       ACCESS EXCLUSIVE on public.products (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
ALTER TABLE public.products ADD COLUMN in_stock boolean DEFAULT true NOT NULL;
COMMIT;

-- step expand-3 [4b9a45fa1cbe]: create index public.orders_open_idx concurrently
--   number:      3 of 6 in this phase
--   why:         Reads and writes go on while it is built.
--   locks:       SHARE UPDATE EXCLUSIVE on public.orders (reads and writes go on)
--   duration:    grows with the table: reads all of public.orders, builds an index on public.orders
--   transaction: none: PostgreSQL does not allow one here
SET lock_timeout = 0;
SET search_path = public;
CREATE INDEX CONCURRENTLY orders_open_idx ON public.orders USING btree (customer_id, placed_at DESC) WHERE state <> 'sent';

-- step expand-4 [f3c84484ff71]: comment on table public.customers
--   number:      4 of 6 in this phase
--   locks:       SHARE UPDATE EXCLUSIVE on public.customers (reads and writes go on)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
COMMENT ON TABLE public.customers IS 'who buys';
COMMIT;

-- step expand-5 [7f7251066630]: add value 'packed' to enum public.order_state
--   number:      5 of 6 in this phase
--   why:         Alone, because a new label cannot be used in the transaction that adds it.
--   locks:       none on existing tables
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TYPE public.order_state ADD VALUE IF NOT EXISTS 'packed' BEFORE 'sent';
COMMIT;

-- step expand-6 [d6e3f59ab77d]: change type of column public.customers.name to character varying(200)
--   number:      6 of 6 in this phase
--   why:         Only the catalog changes: no row is rewritten, no index rebuilt, no check repeated.
--   locks:       ACCESS EXCLUSIVE on public.customers (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.customers ALTER COLUMN name TYPE character varying(200);
COMMIT;
