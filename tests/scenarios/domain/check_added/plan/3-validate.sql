-- Plan forward, phase 3 of 4: validate, for PostgreSQL 15.
-- Runs with: pgphase apply . --phase validate; or with: psql -X -f 3-validate.sql
-- Checksums of the steps are in plan.yaml: change the schema files and plan again rather than this file.

\set ON_ERROR_STOP on
SET client_min_messages = warning;
SET statement_timeout = 0;
SET idle_in_transaction_session_timeout = '60s';
SET standard_conforming_strings = on;
SET check_function_bodies = off;
SET default_transaction_isolation = 'read committed';
SET row_security = off;

-- step validate-1 [13af4bceb84b]: add domain constraint public.email.email_shape
--   number:      1 of 2 in this phase
--   why:         New values are checked from here on; no table is locked.
--   locks:       none on existing tables
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
ALTER DOMAIN public.email ADD CONSTRAINT email_shape CHECK (VALUE ~ '^[^@]+@[^@]+$') NOT VALID;
COMMIT;

-- step validate-2 [80584f046f8a]: validate domain constraint public.email.email_shape
--   number:      2 of 2 in this phase
--   locks:       SHARE on public.people (writes wait)
--   duration:    grows with the table: reads all of public.people
--   transaction: one of its own
--   hazard:      blocking-scan:table public.people: Writes of public.people wait while its values of the domain are checked.
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = DEFAULT;
ALTER DOMAIN public.email VALIDATE CONSTRAINT email_shape;
COMMIT;
