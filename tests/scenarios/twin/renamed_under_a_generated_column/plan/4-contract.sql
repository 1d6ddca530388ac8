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

-- step contract-1 [55a92e120f96]: drop trigger public.rooms.pgphase_rooms_label_sync; drop function public.pgphase_rooms_label_sync(); 3 more changes
--   number:      1 of 1 in this phase
--   why:         In one transaction, so that every application finds the column; what reads it goes along with its name.
--   locks:       ACCESS EXCLUSIVE on public.rooms (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
--   hazard:      old-shape:column public.rooms.label: The column public.rooms.label is column public.rooms.title from here on; the column that lent it the name goes, and held the same values.
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
LOCK TABLE public.rooms IN ACCESS EXCLUSIVE MODE;
DROP TRIGGER pgphase_rooms_label_sync ON public.rooms;
DROP FUNCTION public.pgphase_rooms_label_sync();
DROP SEQUENCE public.pgphase_rooms_label_old;
ALTER TABLE public.rooms DROP COLUMN title;
ALTER TABLE public.rooms RENAME COLUMN label TO title;
COMMIT;
