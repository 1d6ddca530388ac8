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

-- step contract-1 [6febcc5a2f6c]: rename value 'ok' of enum public.mood to 'fine'
--   number:      1 of 2 in this phase
--   locks:       none on existing tables
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
--   hazard:      breaks-old-application:enum public.mood: From here on every row says 'fine' and no query may say 'ok'; deploy the application that uses 'fine' together with this step.
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TYPE public.mood RENAME VALUE 'ok' TO 'fine';
COMMIT;

-- step contract-2 [cb7e59b9353d]: drop view public.calm; create view public.calm
--   number:      2 of 2 in this phase
--   why:         No ALTER exists (view public.calm: its query differs, and its columns with it), so it is made anew in one transaction.
--   locks:       ACCESS EXCLUSIVE on public.calm (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
--   hazard:      breaks-old-application:view public.calm: The columns of public.calm change, and reads of it wait for a moment.
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
DROP VIEW public.calm;
CREATE VIEW public.calm AS
SELECT id FROM people WHERE mood = 'fine';
ALTER VIEW public.calm OWNER TO postgres;
COMMIT;
