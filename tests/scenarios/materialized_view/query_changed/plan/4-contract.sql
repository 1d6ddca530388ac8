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

-- step contract-1 [53868430b5c7]: create materialized view public.pgphase_by_day_new
--   number:      1 of 2 in this phase
--   why:         Beside the old one, which is read on while the query runs; it holds what the query finds now.
--   locks:       none on existing tables
--   duration:    grows with the table: reads all of public.sales
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '10s';
SET LOCAL search_path = public;
CREATE MATERIALIZED VIEW public.pgphase_by_day_new AS
SELECT day, sum(total) AS total, count(*) AS n FROM sales GROUP BY day;
CREATE UNIQUE INDEX pgphase_by_day_idx_new ON public.pgphase_by_day_new USING btree (day);
COMMIT;

-- step contract-2 [2b3f18a0f5b6]: drop view public.best_day; drop materialized view public.by_day; 3 more changes
--   number:      2 of 2 in this phase
--   why:         No ALTER exists (materialized view public.by_day: its query differs), so it is made anew in one transaction.
--   locks:       ACCESS EXCLUSIVE on public.best_day (reads and writes wait), ACCESS EXCLUSIVE on public.by_day (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
--   hazard:      breaks-old-application:materialized view public.by_day: The columns of public.by_day change, and reads of it wait for a moment.
--   hazard:      breaks-old-application:view public.best_day: public.best_day is made anew; its columns stay, and reads of it wait for a moment.
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
DROP VIEW public.best_day;
DROP MATERIALIZED VIEW public.by_day;
ALTER MATERIALIZED VIEW public.pgphase_by_day_new RENAME TO by_day;
ALTER INDEX public.pgphase_by_day_idx_new RENAME TO by_day_idx;
COMMENT ON MATERIALIZED VIEW public.by_day IS 'stays';
ALTER MATERIALIZED VIEW public.by_day OWNER TO postgres;
CREATE VIEW public.best_day AS
 SELECT by_day.day
   FROM public.by_day
  ORDER BY by_day.total DESC
 LIMIT 1;
ALTER VIEW public.best_day OWNER TO postgres;
COMMIT;
