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

-- undo contract-2: drop view public.best_day; drop materialized view public.by_day; 3 more changes
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
DROP VIEW public.best_day;
COMMENT ON MATERIALIZED VIEW public.by_day IS NULL;
ALTER INDEX public.by_day_idx RENAME TO pgphase_by_day_idx_new;
ALTER MATERIALIZED VIEW public.by_day RENAME TO pgphase_by_day_new;
CREATE MATERIALIZED VIEW public.by_day AS
 SELECT sales.day,
    sum(sales.total) AS total
   FROM public.sales
  GROUP BY sales.day;
CREATE UNIQUE INDEX by_day_idx ON public.by_day USING btree (day);
COMMENT ON MATERIALIZED VIEW public.by_day IS 'stays';
ALTER MATERIALIZED VIEW public.by_day OWNER TO postgres;
CREATE VIEW public.best_day AS
 SELECT by_day.day
   FROM public.by_day
  ORDER BY by_day.total DESC
 LIMIT 1;
ALTER VIEW public.best_day OWNER TO postgres;
COMMIT;

-- undo contract-1: create materialized view public.pgphase_by_day_new
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
DROP MATERIALIZED VIEW public.pgphase_by_day_new;
COMMIT;
