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

-- step expand-1 [3b17d02efae4]: alter column public.documents.body; alter column public.letters.body; alter column public.postcards.body
--   number:      1 of 8 in this phase
--   locks:       ACCESS EXCLUSIVE on public.documents (reads and writes wait), ACCESS EXCLUSIVE on public.drafts (reads and writes wait), ACCESS EXCLUSIVE on public.letters (reads and writes wait), ACCESS EXCLUSIVE on public.postcards (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.documents ALTER COLUMN body SET STORAGE PLAIN;
ALTER TABLE public.letters ALTER COLUMN body SET STORAGE MAIN;
ALTER TABLE public.postcards ALTER COLUMN body SET STORAGE PLAIN;
COMMIT;

-- step expand-2 [f2285d77197c]: alter column public.documents.body
--   number:      2 of 8 in this phase
--   locks:       ACCESS EXCLUSIVE on public.documents (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.documents ALTER COLUMN body SET COMPRESSION pglz;
COMMIT;

-- step expand-3 [428971f67959]: alter column public.documents.body; alter column public.letters.body; alter column public.postcards.body
--   number:      3 of 8 in this phase
--   locks:       SHARE UPDATE EXCLUSIVE on public.documents (reads and writes go on), SHARE UPDATE EXCLUSIVE on public.drafts (reads and writes go on), SHARE UPDATE EXCLUSIVE on public.letters (reads and writes go on), SHARE UPDATE EXCLUSIVE on public.postcards (reads and writes go on)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.documents ALTER COLUMN body SET STATISTICS 200;
ALTER TABLE public.letters ALTER COLUMN body SET STATISTICS 300;
ALTER TABLE public.postcards ALTER COLUMN body SET STATISTICS 40;
COMMIT;

-- step expand-4 [f4c8bf65e6f4]: alter column public.documents.pages
--   number:      4 of 8 in this phase
--   locks:       SHARE UPDATE EXCLUSIVE on public.documents (reads and writes go on)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.documents ALTER COLUMN pages SET (n_distinct=5);
COMMIT;

-- step expand-5 [67f5c916a9a9]: alter column public.drafts.body
--   number:      5 of 8 in this phase
--   locks:       ACCESS EXCLUSIVE on public.drafts (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.drafts ALTER COLUMN body SET STORAGE PLAIN;
COMMIT;

-- step expand-6 [5f545bc3ce01]: alter column public.drafts.body
--   number:      6 of 8 in this phase
--   locks:       SHARE UPDATE EXCLUSIVE on public.drafts (reads and writes go on)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.drafts ALTER COLUMN body SET STATISTICS 200;
COMMIT;

-- step expand-7 [b15aa35302f5]: alter column public.postcards.body
--   number:      7 of 8 in this phase
--   locks:       ACCESS EXCLUSIVE on public.postcards (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.postcards ALTER COLUMN body SET STORAGE PLAIN;
COMMIT;

-- step expand-8 [c94920531829]: alter column public.postcards.body
--   number:      8 of 8 in this phase
--   locks:       ACCESS EXCLUSIVE on public.postcards (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.postcards ALTER COLUMN body SET COMPRESSION pglz;
COMMIT;
