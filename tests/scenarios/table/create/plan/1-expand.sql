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

-- step expand-1 [e122df273771]: create table public.orders
--   number:      1 of 2 in this phase
--   locks:       none on existing tables
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
CREATE TABLE public.orders (
    id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    user_id bigint NOT NULL,
    state text DEFAULT 'new' NOT NULL,
    total numeric(12,2) NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT orders_pkey PRIMARY KEY (id),
    CONSTRAINT orders_state_check CHECK (state IN ('new', 'paid', 'sent')),
    CONSTRAINT orders_total_positive CHECK (total >= 0)
);
CREATE INDEX orders_user_idx ON public.orders USING btree (user_id, created_at DESC);
COMMENT ON TABLE public.orders IS 'what people bought';
COMMIT;

-- step expand-2 [d5cc9df3ed1e]: add constraint public.orders.orders_user_id_fkey
--   number:      2 of 2 in this phase
--   why:         The table is new, so there are no rows to check.
--   locks:       SHARE ROW EXCLUSIVE on public.users (writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.orders ADD CONSTRAINT orders_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users (id) ON DELETE CASCADE;
COMMIT;
