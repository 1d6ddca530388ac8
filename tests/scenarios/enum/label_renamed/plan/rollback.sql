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

-- undo contract-2: drop view public.calm; create view public.calm
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
DROP VIEW public.calm;
CREATE VIEW public.calm AS
 SELECT people.id
   FROM public.people
  WHERE (people.mood = 'fine'::public.mood);
ALTER VIEW public.calm OWNER TO postgres;
COMMIT;

-- undo contract-1: rename value 'ok' of enum public.mood to 'fine'
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TYPE public.mood RENAME VALUE 'fine' TO 'ok';
COMMIT;
