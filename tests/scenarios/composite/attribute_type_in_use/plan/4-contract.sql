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

-- step contract-1 [c04f76b30b61]: drop function public.swapped(public.pair); drop view public.firsts; 14 more changes
--   number:      1 of 1 in this phase
--   why:         In one transaction, so that every application sees either the old state or the new one.
--   locks:       ACCESS EXCLUSIVE on public.firsts (reads and writes wait), ACCESS EXCLUSIVE on public.t (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
--   hazard:      breaks-old-application:view public.firsts: public.firsts is made anew; its columns stay, and reads of it wait for a moment.
--   hazard:      breaks-old-application:function public.swapped(public.pair): public.swapped is made anew; its form stays, and calls of it wait for a moment.
--   hazard:      old-shape:column public.t.x: The column public.t.x with the old attributes goes; with the same values it has the new ones from here on, and stands last among the columns. Prepared statements over it fail once, and so do connections that remember the number of its type.
--   hazard:      old-shape:column public.t.y: The column public.t.y with the old attributes goes; with the same values it has the new ones from here on, and stands last among the columns. Prepared statements over it fail once, and so do connections that remember the number of its type.
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
DROP FUNCTION public.swapped(public.pair);
DROP VIEW public.firsts;
LOCK TABLE public.t IN ACCESS EXCLUSIVE MODE;
DROP TRIGGER pgphase_t_x_y_sync ON public.t;
DROP FUNCTION public.pgphase_t_x_y_sync();
ALTER TABLE public.t DROP COLUMN x;
ALTER TABLE public.t DROP COLUMN y;
DROP TYPE public.pair;
ALTER TYPE public.pgphase_pair_new RENAME TO pair;
ALTER TYPE public.pair OWNER TO postgres;
COMMENT ON TYPE public.pair IS 'two at once';
COMMENT ON COLUMN public.pair.a IS 'the first';
ALTER TABLE public.t RENAME COLUMN pgphase_x_new TO x;
ALTER TABLE public.t ALTER COLUMN x SET NOT NULL;
ALTER TABLE public.t DROP CONSTRAINT pgphase_x_not_null;
ALTER TABLE public.t RENAME COLUMN pgphase_y_new TO y;
ALTER TABLE public.t ALTER COLUMN y SET DEFAULT ROW(1, 'one'::text)::public.pair;
ALTER TABLE public.t RENAME CONSTRAINT pgphase_t_x_check_new TO t_x_check;
CREATE VIEW public.firsts AS
 SELECT t.id,
    (t.x).a AS a
   FROM public.t;
CREATE FUNCTION public.swapped(p public.pair)
    RETURNS text
    LANGUAGE sql
    AS $$SELECT (p).b || (p).a$$;
ALTER VIEW public.firsts OWNER TO postgres;
ALTER FUNCTION public.swapped(public.pair) OWNER TO postgres;
COMMIT;
