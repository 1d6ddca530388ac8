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

-- step contract-1 [c8a4fda47a6c]: alter composite type public.triple
--   number:      1 of 1 in this phase
--   locks:       none on existing tables
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
--   hazard:      breaks-old-application:composite type public.triple: Values of the type change their shape at once for both applications.
--   hazard:      data-loss:composite type public.triple: Attribute b goes with its values, among others those in column public.t.x.
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TYPE public.triple DROP ATTRIBUTE b;
COMMIT;
