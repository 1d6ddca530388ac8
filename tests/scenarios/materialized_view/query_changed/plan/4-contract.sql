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

-- step contract-1 [61451b616550]: drop view public.best_day; drop materialized view public.by_day; 3 more changes
--   number:      1 of 1 in this phase
--   why:         No ALTER exists (materialized view public.by_day: its query differs), so it is made anew in one transaction.
--   locks:       ACCESS EXCLUSIVE on public.best_day (reads and writes wait), ACCESS EXCLUSIVE on public.by_day (reads and writes wait)
--   duration:    grows with the table: reads all of public.sales
--   transaction: one of its own
--   hazard:      blocking-scan:materialized view public.by_day: Reads of public.by_day wait while its query runs.
--   hazard:      breaks-old-application:view public.best_day: The columns of public.best_day change, and reads of it wait for a moment.
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
DROP VIEW public.best_day;
DROP MATERIALIZED VIEW public.by_day;
CREATE MATERIALIZED VIEW public.by_day AS
SELECT day, sum(total) AS total, count(*) AS n FROM sales GROUP BY day;
CREATE UNIQUE INDEX by_day_idx ON public.by_day USING btree (day);
CREATE VIEW public.best_day AS
 SELECT by_day.day
   FROM public.by_day
  ORDER BY by_day.total DESC
 LIMIT 1;
COMMENT ON MATERIALIZED VIEW public.by_day IS 'stays';
ALTER MATERIALIZED VIEW public.by_day OWNER TO postgres;
ALTER VIEW public.best_day OWNER TO postgres;
COMMIT;
