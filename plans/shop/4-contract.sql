-- Plan shop, phase 4 of 4: contract, for PostgreSQL 15.
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

-- step contract-1 [91705700d5cc]: drop view public.order_totals; create view public.order_totals
--   number:      1 of 2 in this phase
--   why:         No ALTER exists (view public.order_totals: its query differs, and its columns with it), so it is made anew in one transaction.
--   locks:       ACCESS EXCLUSIVE on public.order_totals (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
--   hazard:      breaks-old-application:view public.order_totals: The columns of public.order_totals change, and reads of it wait for a moment.
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
DROP VIEW public.order_totals;
CREATE VIEW public.order_totals AS
SELECT o.id, o.customer_id, sum(l.quantity * l.price) AS total, count(*) AS lines
FROM orders o
JOIN order_lines l ON l.order_id = o.id
GROUP BY o.id;
COMMIT;

-- step contract-2 [41a7e54902d5]: drop column public.customers.fax
--   number:      2 of 2 in this phase
--   locks:       ACCESS EXCLUSIVE on public.customers (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
--   hazard:      data-loss:column public.customers.fax: Every value of column public.customers.fax is lost.
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.customers DROP COLUMN fax;
COMMIT;
