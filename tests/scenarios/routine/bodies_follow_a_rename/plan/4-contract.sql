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

-- step contract-1 [36cb69719563]: drop view public.notes
--   number:      1 of 5 in this phase
--   why:         Only the old application used the old name.
--   locks:       none on existing tables
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
DROP VIEW public.notes;
COMMIT;

-- step contract-2 [d64f9fb17d39]: drop view public.orders
--   number:      2 of 5 in this phase
--   why:         Only the old application used the old name.
--   locks:       none on existing tables
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
DROP VIEW public.orders;
COMMIT;

-- step contract-3 [c061aa2363a8]: rename column public.parts.label to title; replace function public.upper_label()
--   number:      3 of 5 in this phase
--   locks:       ACCESS EXCLUSIVE on public.parts (reads and writes wait), ACCESS EXCLUSIVE on public.parts_1 (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
--   hazard:      breaks-old-application:column public.parts.title: From here on column public.parts.label is gone; deploy the application that uses title together with this step.
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.parts RENAME COLUMN label TO title;
CREATE OR REPLACE FUNCTION public.upper_label()
    RETURNS trigger
    LANGUAGE plpgsql
    AS $$begin new.title := upper(new.title); return new; end$$;
COMMIT;

-- step contract-4 [caa5c14b82e4]: rename column public.purchases.qty to amount; replace function public.total()
--   number:      4 of 5 in this phase
--   locks:       ACCESS EXCLUSIVE on public.purchases (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
--   hazard:      breaks-old-application:column public.purchases.amount: From here on column public.purchases.qty is gone; deploy the application that uses amount together with this step.
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.purchases RENAME COLUMN qty TO amount;
CREATE OR REPLACE FUNCTION public.total()
    RETURNS bigint
    LANGUAGE sql
    AS $$select sum(amount) from purchases$$;
COMMIT;

-- step contract-5 [af0468c2f843]: drop trigger public.people.pgphase_people_name_sync; drop function public.pgphase_people_name_sync(); 3 more changes
--   number:      5 of 5 in this phase
--   why:         In one transaction, so that every application sees either the old state or the new one.
--   locks:       ACCESS EXCLUSIVE on public.people (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
--   hazard:      old-shape:column public.people.name: The column public.people.name goes; the same values are in column public.people.full_name, which stands last among the columns.
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
LOCK TABLE public.people IN ACCESS EXCLUSIVE MODE;
DROP TRIGGER pgphase_people_name_sync ON public.people;
DROP FUNCTION public.pgphase_people_name_sync();
DROP SEQUENCE public.pgphase_people_name_old;
ALTER TABLE public.people DROP COLUMN name;
CREATE OR REPLACE FUNCTION public.names()
    RETURNS bigint
    LANGUAGE sql
    AS $$select count(full_name) from people$$;
COMMIT;
