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

-- step contract-1 [96dda0fe1d95]: drop table public.moved; create table public.moved; add column public.moved.id
--   number:      1 of 4 in this phase
--   why:         No ALTER exists (table public.moved: its rows are on another server), so it is made anew in one transaction.
--   locks:       ACCESS EXCLUSIVE on public.moved (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
DROP FOREIGN TABLE public.moved;
CREATE FOREIGN TABLE public.moved (
    id integer
) SERVER s2;
ALTER TABLE public.moved OWNER TO postgres;
COMMIT;

-- step contract-2 [52670c28829c]: change type of column public.f.id to bigint; alter column public.f.id
--   number:      2 of 4 in this phase
--   locks:       ACCESS EXCLUSIVE on public.f (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.f ALTER COLUMN id TYPE bigint;
ALTER TABLE public.f ALTER COLUMN id OPTIONS (DROP d, SET c 'zz', ADD e 'f');
COMMIT;

-- step contract-3 [8f7b7f171f19]: drop column public.f.gone
--   number:      3 of 4 in this phase
--   why:         Only its description goes: the rows are on the foreign server.
--   locks:       ACCESS EXCLUSIVE on public.f (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.f DROP COLUMN gone;
COMMIT;

-- step contract-4 [e7f17ab1a9e1]: drop table public.dropped
--   number:      4 of 4 in this phase
--   why:         Only its description goes: the rows are on the foreign server.
--   locks:       ACCESS EXCLUSIVE on public.dropped (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
DROP FOREIGN TABLE public.dropped;
COMMIT;
