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

-- step contract-1 [3f40f7ad6666]: rename enum public.mood to pgphase_mood_old; create enum public.mood; 4 more changes
--   number:      1 of 1 in this phase
--   why:         A label cannot be removed or moved: the label 'happy' is gone.
--   locks:       ACCESS EXCLUSIVE on public.people (reads and writes wait)
--   duration:    grows with the table: rewrites public.people
--   transaction: one of its own
--   hazard:      rewrite:table public.people: public.people is rewritten while reads and writes wait; a row that holds a removed label stops it.
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = DEFAULT;
ALTER TYPE public.mood RENAME TO pgphase_mood_old;
CREATE TYPE public.mood AS ENUM ('sad', 'ok');
ALTER TYPE public.mood OWNER TO postgres;
ALTER TABLE public.people ALTER COLUMN mood DROP DEFAULT;
ALTER TABLE public.people ALTER COLUMN mood TYPE public.mood USING mood::text::public.mood;
ALTER TABLE public.people ALTER COLUMN mood SET DEFAULT 'ok'::public.mood;
DROP TYPE public.pgphase_mood_old;
COMMIT;
