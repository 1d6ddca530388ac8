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

-- step contract-1 [5b22f4343cfd]: drop trigger public.people.pgphase_people_mood_sync; drop function public.pgphase_people_mood_sync(); 5 more changes
--   number:      1 of 1 in this phase
--   why:         In one transaction, so that every application sees either the old state or the new one.
--   locks:       ACCESS EXCLUSIVE on public.people (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
--   hazard:      old-shape:column public.people.mood: The column public.people.mood with the old labels goes; with the same values it has the new ones from here on, and stands last among the columns. Prepared statements over it fail once, and so do connections that remember the number of its type.
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
LOCK TABLE public.people IN ACCESS EXCLUSIVE MODE;
DROP TRIGGER pgphase_people_mood_sync ON public.people;
DROP FUNCTION public.pgphase_people_mood_sync();
ALTER TABLE public.people DROP COLUMN mood;
DROP TYPE public.mood;
ALTER TYPE public.pgphase_mood_new RENAME TO mood;
ALTER TYPE public.mood OWNER TO postgres;
ALTER TABLE public.people RENAME COLUMN pgphase_mood_new TO mood;
ALTER TABLE public.people ALTER COLUMN mood SET DEFAULT 'ok'::public.mood;
COMMIT;
