-- Plan forward, phase 1 of 4: expand, for PostgreSQL 15.
-- Runs with: pgphase apply . --phase expand; or with: psql -X -f 1-expand.sql
-- Checksums of the steps are in plan.yaml: change the schema files and plan again rather than this file.

\set ON_ERROR_STOP on
SET client_min_messages = warning;
SET statement_timeout = 0;
SET idle_in_transaction_session_timeout = '60s';
SET standard_conforming_strings = on;
SET check_function_bodies = off;
SET default_transaction_isolation = 'read committed';
SET row_security = off;

-- step expand-1 [f49c2d6b7357]: add column public.f.added
--   number:      1 of 6 in this phase
--   locks:       ACCESS EXCLUSIVE on public.f (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
ALTER TABLE public.f ADD COLUMN added timestamp with time zone DEFAULT clock_timestamp() NOT NULL;
COMMIT;

-- step expand-2 [946538c74d31]: add constraint public.f.c
--   number:      2 of 6 in this phase
--   locks:       ACCESS EXCLUSIVE on public.f (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
ALTER TABLE public.f ADD CONSTRAINT c CHECK (n > 1);
COMMIT;

-- step expand-3 [4dea03c2fe9c]: set the options of table public.f
--   number:      3 of 6 in this phase
--   locks:       ACCESS EXCLUSIVE on public.f (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER FOREIGN TABLE public.f OPTIONS (DROP x, SET y '3');
COMMIT;

-- step expand-4 [12556f848d0e]: set column public.f.n not null
--   number:      4 of 6 in this phase
--   locks:       ACCESS EXCLUSIVE on public.f (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.f ALTER COLUMN n SET NOT NULL;
COMMIT;

-- step expand-5 [b11a4a402c80]: set default of column public.f.t
--   number:      5 of 6 in this phase
--   locks:       ACCESS EXCLUSIVE on public.f (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
ALTER TABLE public.f ALTER COLUMN t SET DEFAULT 'x';
COMMIT;

-- step expand-6 [a19ba2f02cb4]: comment on table public.f
--   number:      6 of 6 in this phase
--   locks:       SHARE UPDATE EXCLUSIVE on public.f (reads and writes go on)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
COMMENT ON FOREIGN TABLE public.f IS 'two';
COMMIT;
