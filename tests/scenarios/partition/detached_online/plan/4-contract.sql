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

-- step contract-1 [17440f5dc24a]: detach table public.events_2025 from public.events concurrently
--   number:      1 of 20 in this phase
--   why:         Reads and writes of the parent go on; it waits for the transactions that use the parent. Cut off, it is ended by DETACH PARTITION .. FINALIZE.
--   locks:       SHARE UPDATE EXCLUSIVE on public.events (reads and writes go on), ACCESS EXCLUSIVE on public.events_2025 (reads and writes wait), SHARE ROW EXCLUSIVE on public.regions (writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: none: PostgreSQL does not allow one here
--   hazard:      breaks-old-application:table public.events_2025: The rows of public.events_2025 are no longer seen through its parent.
SET lock_timeout = 0;
SET search_path = DEFAULT;
ALTER TABLE public.events DETACH PARTITION public.events_2025 CONCURRENTLY;

-- step contract-2 [2ad5f3ba2dcc]: drop constraint public.events_2025.events_2025_at_check
--   number:      2 of 20 in this phase
--   why:         What is left of having been a partition.
--   locks:       ACCESS EXCLUSIVE on public.events_2025 (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.events_2025 DROP CONSTRAINT IF EXISTS events_2025_at_check;
COMMIT;

-- step contract-3 [01166053f340]: detach table public.hashes_1 from public.hashes
--   number:      3 of 20 in this phase
--   locks:       ACCESS EXCLUSIVE on public.hashes (reads and writes wait), ACCESS EXCLUSIVE on public.hashes_1 (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
--   hazard:      breaks-old-application:table public.hashes_1: The rows of public.hashes_1 are no longer seen through its parent.
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.hashes DETACH PARTITION public.hashes_1;
COMMIT;

-- step contract-4 [e58fcbd8b252]: detach table public.letters_a from public.letters concurrently
--   number:      4 of 20 in this phase
--   why:         Reads and writes of the parent go on; it waits for the transactions that use the parent. Cut off, it is ended by DETACH PARTITION .. FINALIZE.
--   locks:       SHARE UPDATE EXCLUSIVE on public.letters (reads and writes go on), ACCESS EXCLUSIVE on public.letters_a (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: none: PostgreSQL does not allow one here
--   hazard:      breaks-old-application:table public.letters_a: The rows of public.letters_a are no longer seen through its parent.
SET lock_timeout = 0;
SET search_path = DEFAULT;
ALTER TABLE public.letters DETACH PARTITION public.letters_a CONCURRENTLY;

-- step contract-5 [734a03f40268]: drop constraint public.letters_a.letters_a_kind_check
--   number:      5 of 20 in this phase
--   why:         What is left of having been a partition.
--   locks:       ACCESS EXCLUSIVE on public.letters_a (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.letters_a DROP CONSTRAINT IF EXISTS letters_a_kind_check;
COMMIT;

-- step contract-6 [f73edf7d1e16]: detach table public.letters_b from public.letters concurrently
--   number:      6 of 20 in this phase
--   why:         Reads and writes of the parent go on; it waits for the transactions that use the parent. Cut off, it is ended by DETACH PARTITION .. FINALIZE.
--   locks:       SHARE UPDATE EXCLUSIVE on public.letters (reads and writes go on), ACCESS EXCLUSIVE on public.letters_b (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: none: PostgreSQL does not allow one here
--   hazard:      breaks-old-application:table public.letters_b: The rows of public.letters_b are no longer seen through its parent.
SET lock_timeout = 0;
SET search_path = DEFAULT;
ALTER TABLE public.letters DETACH PARTITION public.letters_b CONCURRENTLY;

-- step contract-7 [c8f5e4bca7f0]: drop constraint public.letters_b.letters_b_kind_check
--   number:      7 of 20 in this phase
--   why:         What is left of having been a partition.
--   locks:       ACCESS EXCLUSIVE on public.letters_b (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.letters_b DROP CONSTRAINT IF EXISTS letters_b_kind_check;
COMMIT;

-- step contract-8 [0a3fdab089d5]: detach table public.letters_c_old from public.letters_c concurrently
--   number:      8 of 20 in this phase
--   why:         Reads and writes of the parent go on; it waits for the transactions that use the parent. Cut off, it is ended by DETACH PARTITION .. FINALIZE.
--   locks:       SHARE UPDATE EXCLUSIVE on public.letters_c (reads and writes go on), ACCESS EXCLUSIVE on public.letters_c_old (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: none: PostgreSQL does not allow one here
--   hazard:      breaks-old-application:table public.letters_c_old: The rows of public.letters_c_old are no longer seen through its parent.
SET lock_timeout = 0;
SET search_path = DEFAULT;
ALTER TABLE public.letters_c DETACH PARTITION public.letters_c_old CONCURRENTLY;

-- step contract-9 [9fb4343dd2a0]: drop constraint public.letters_c_old.letters_c_old_check
--   number:      9 of 20 in this phase
--   why:         What is left of having been a partition.
--   locks:       ACCESS EXCLUSIVE on public.letters_c_old (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.letters_c_old DROP CONSTRAINT IF EXISTS letters_c_old_check;
COMMIT;

-- step contract-10 [c5fa8ecba961]: detach table public.letters_d from public.letters concurrently
--   number:      10 of 20 in this phase
--   why:         Reads and writes of the parent go on; it waits for the transactions that use the parent. Cut off, it is ended by DETACH PARTITION .. FINALIZE.
--   locks:       SHARE UPDATE EXCLUSIVE on public.letters (reads and writes go on), ACCESS EXCLUSIVE on public.letters_d (reads and writes wait), ACCESS EXCLUSIVE on public.letters_d_old (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: none: PostgreSQL does not allow one here
--   hazard:      breaks-old-application:table public.letters_d: The rows of public.letters_d are no longer seen through its parent.
SET lock_timeout = 0;
SET search_path = DEFAULT;
ALTER TABLE public.letters DETACH PARTITION public.letters_d CONCURRENTLY;

-- step contract-11 [f721f4886653]: drop constraint public.letters_d.letters_d_kind_check
--   number:      11 of 20 in this phase
--   why:         What is left of having been a partition.
--   locks:       ACCESS EXCLUSIVE on public.letters_d (reads and writes wait), ACCESS EXCLUSIVE on public.letters_d_old (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.letters_d DROP CONSTRAINT IF EXISTS letters_d_kind_check;
COMMIT;

-- step contract-12 [302e27979060]: detach table public.pairs_1 from public.pairs concurrently
--   number:      12 of 20 in this phase
--   why:         Reads and writes of the parent go on; it waits for the transactions that use the parent. Cut off, it is ended by DETACH PARTITION .. FINALIZE.
--   locks:       SHARE UPDATE EXCLUSIVE on public.pairs (reads and writes go on), ACCESS EXCLUSIVE on public.pairs_1 (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: none: PostgreSQL does not allow one here
--   hazard:      breaks-old-application:table public.pairs_1: The rows of public.pairs_1 are no longer seen through its parent.
SET lock_timeout = 0;
SET search_path = DEFAULT;
ALTER TABLE public.pairs DETACH PARTITION public.pairs_1 CONCURRENTLY;

-- step contract-13 [c550493519f0]: drop constraint public.pairs_1.pairs_1_check
--   number:      13 of 20 in this phase
--   why:         What is left of having been a partition.
--   locks:       ACCESS EXCLUSIVE on public.pairs_1 (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.pairs_1 DROP CONSTRAINT IF EXISTS pairs_1_check;
COMMIT;

-- step contract-14 [c3be2a3edb6e]: detach table public.pairs_2 from public.pairs concurrently
--   number:      14 of 20 in this phase
--   why:         Reads and writes of the parent go on; it waits for the transactions that use the parent. Cut off, it is ended by DETACH PARTITION .. FINALIZE.
--   locks:       SHARE UPDATE EXCLUSIVE on public.pairs (reads and writes go on), ACCESS EXCLUSIVE on public.pairs_2 (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: none: PostgreSQL does not allow one here
--   hazard:      breaks-old-application:table public.pairs_2: The rows of public.pairs_2 are no longer seen through its parent.
SET lock_timeout = 0;
SET search_path = DEFAULT;
ALTER TABLE public.pairs DETACH PARTITION public.pairs_2 CONCURRENTLY;

-- step contract-15 [65a15aaed3f2]: drop constraint public.pairs_2.pairs_2_check1
--   number:      15 of 20 in this phase
--   why:         What is left of having been a partition.
--   locks:       ACCESS EXCLUSIVE on public.pairs_2 (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.pairs_2 DROP CONSTRAINT IF EXISTS pairs_2_check1;
COMMIT;

-- step contract-16 [abbbc4f82aa0]: create index public.pgphase_events_2025_note_idx_new concurrently
--   number:      16 of 20 in this phase
--   why:         Reads and writes go on while it is built.
--   locks:       SHARE UPDATE EXCLUSIVE on public.events_2025 (reads and writes go on)
--   duration:    grows with the table: reads all of public.events_2025, builds an index on public.events_2025
--   transaction: none: PostgreSQL does not allow one here
SET lock_timeout = 0;
SET search_path = public;
CREATE INDEX CONCURRENTLY pgphase_events_2025_note_idx_new ON public.events_2025 USING btree (note);

-- step contract-17 [ef76064f3f84]: drop index public.events_2025_note_idx
--   number:      17 of 20 in this phase
--   why:         It cannot be altered: it is attached to another index.
--   locks:       ACCESS EXCLUSIVE on public.events_2025 (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
DROP INDEX public.events_2025_note_idx;
COMMIT;

-- step contract-18 [15a3cb8d6c1c]: rename index public.pgphase_events_2025_note_idx_new to events_2025_note_idx
--   number:      18 of 20 in this phase
--   locks:       none on existing tables
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER INDEX public.pgphase_events_2025_note_idx_new RENAME TO events_2025_note_idx;
COMMIT;

-- step contract-19 [1b719aea528a]: detach table public.events_2024 from public.events concurrently
--   number:      19 of 20 in this phase
--   why:         Reads and writes of the parent go on; it waits for the transactions that use the parent. Cut off, it is ended by DETACH PARTITION .. FINALIZE.
--   locks:       SHARE UPDATE EXCLUSIVE on public.events (reads and writes go on), ACCESS EXCLUSIVE on public.events_2024 (reads and writes wait), SHARE ROW EXCLUSIVE on public.regions (writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: none: PostgreSQL does not allow one here
SET lock_timeout = 0;
SET search_path = DEFAULT;
ALTER TABLE public.events DETACH PARTITION public.events_2024 CONCURRENTLY;

-- step contract-20 [2af7664d9248]: drop table public.events_2024
--   number:      20 of 20 in this phase
--   locks:       ACCESS EXCLUSIVE on public.events_2024 (reads and writes wait), ACCESS EXCLUSIVE on public.regions (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
--   hazard:      data-loss:table public.events_2024: Every row of public.events_2024 is lost.
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
DROP TABLE public.events_2024;
COMMIT;
