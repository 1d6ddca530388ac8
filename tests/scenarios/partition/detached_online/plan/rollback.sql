-- Undoes plan forward, last step first: pgphase rollback . --to PHASE runs the part whose steps have run, and nothing else.
-- With psql, run only that part: the steps are marked. What a step deleted does not come back.

\set ON_ERROR_STOP on
SET client_min_messages = warning;
SET statement_timeout = 0;
SET idle_in_transaction_session_timeout = '60s';
SET standard_conforming_strings = on;
SET check_function_bodies = off;
SET default_transaction_isolation = 'read committed';
SET row_security = off;

-- undo contract-20: drop table public.events_2024
-- without what was lost: every row of public.events_2024
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
CREATE TABLE public.events_2024 (
    id bigint NOT NULL,
    at date NOT NULL,
    region_id integer,
    note text,
    CONSTRAINT events_2024_pkey PRIMARY KEY (id, at),
    CONSTRAINT events_region_id_fkey FOREIGN KEY (region_id) REFERENCES public.regions (id),
    CONSTRAINT events_2024_at_check CHECK (at IS NOT NULL AND at < '2025-01-01')
);
CREATE INDEX events_2024_note_idx ON public.events_2024 USING btree (note);
ALTER TABLE public.events_2024 OWNER TO postgres;
COMMIT;

-- undo contract-19: detach table public.events_2024 from public.events concurrently
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.events ATTACH PARTITION public.events_2024 FOR VALUES FROM (MINVALUE) TO ('2025-01-01');
ALTER TABLE public.events_2024 DROP CONSTRAINT IF EXISTS events_2024_at_check;
COMMIT;

-- undo contract-18: rename index public.pgphase_events_2025_note_idx_new to events_2025_note_idx
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER INDEX public.events_2025_note_idx RENAME TO pgphase_events_2025_note_idx_new;
COMMIT;

-- undo contract-17: drop index public.events_2025_note_idx
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
CREATE INDEX events_2025_note_idx ON public.events_2025 USING btree (note);
COMMIT;

-- undo contract-16: create index public.pgphase_events_2025_note_idx_new concurrently
SET lock_timeout = 0;
SET search_path = public;
DROP INDEX CONCURRENTLY IF EXISTS public.pgphase_events_2025_note_idx_new;

-- undo contract-15: drop constraint public.pairs_2.pairs_2_check1
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.pairs_2 ADD CONSTRAINT pairs_2_check1 CHECK (a IS NOT NULL AND b IS NOT NULL AND a = 5 AND b >= 5);
COMMIT;

-- undo contract-14: detach table public.pairs_2 from public.pairs concurrently
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.pairs ATTACH PARTITION public.pairs_2 FOR VALUES FROM (5, 5) TO (5, MAXVALUE);
ALTER TABLE public.pairs_2 DROP CONSTRAINT IF EXISTS pairs_2_check1;
COMMIT;

-- undo contract-13: drop constraint public.pairs_1.pairs_1_check
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.pairs_1 ADD CONSTRAINT pairs_1_check CHECK (a IS NOT NULL AND b IS NOT NULL AND (a > 1 OR (a = 1 AND b >= 1)) AND (a < 5 OR (a = 5 AND b < 5)));
COMMIT;

-- undo contract-12: detach table public.pairs_1 from public.pairs concurrently
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.pairs ATTACH PARTITION public.pairs_1 FOR VALUES FROM (1, 1) TO (5, 5);
ALTER TABLE public.pairs_1 DROP CONSTRAINT IF EXISTS pairs_1_check;
COMMIT;

-- undo contract-11: drop constraint public.letters_d.letters_d_kind_check
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.letters_d ADD CONSTRAINT letters_d_kind_check CHECK (kind IS NOT NULL AND kind IN ('d'));
COMMIT;

-- undo contract-10: detach table public.letters_d from public.letters concurrently
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.letters ATTACH PARTITION public.letters_d FOR VALUES IN ('d');
ALTER TABLE public.letters_d DROP CONSTRAINT IF EXISTS letters_d_kind_check;
COMMIT;

-- undo contract-9: drop constraint public.letters_c_old.letters_c_old_check
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.letters_c_old ADD CONSTRAINT letters_c_old_check CHECK ((kind IS NOT NULL AND kind IN ('c')) AND (sent IS NOT NULL AND sent >= '2020-01-01' AND sent < '2025-01-01'));
COMMIT;

-- undo contract-8: detach table public.letters_c_old from public.letters_c concurrently
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.letters_c ATTACH PARTITION public.letters_c_old FOR VALUES FROM ('2020-01-01') TO ('2025-01-01');
ALTER TABLE public.letters_c_old DROP CONSTRAINT IF EXISTS letters_c_old_check;
COMMIT;

-- undo contract-7: drop constraint public.letters_b.letters_b_kind_check
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.letters_b ADD CONSTRAINT letters_b_kind_check CHECK (kind IS NOT NULL AND kind IN ('b'));
COMMIT;

-- undo contract-6: detach table public.letters_b from public.letters concurrently
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.letters ATTACH PARTITION public.letters_b FOR VALUES IN ('b');
ALTER TABLE public.letters_b DROP CONSTRAINT IF EXISTS letters_b_kind_check;
COMMIT;

-- undo contract-5: drop constraint public.letters_a.letters_a_kind_check
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.letters_a ADD CONSTRAINT letters_a_kind_check CHECK (kind IS NOT NULL AND kind IN ('a', 'it''s'));
COMMIT;

-- undo contract-4: detach table public.letters_a from public.letters concurrently
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.letters ATTACH PARTITION public.letters_a FOR VALUES IN ('a', 'it''s');
ALTER TABLE public.letters_a DROP CONSTRAINT IF EXISTS letters_a_kind_check;
COMMIT;

-- undo contract-3: detach table public.hashes_1 from public.hashes
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.hashes ATTACH PARTITION public.hashes_1 FOR VALUES WITH (MODULUS 2, REMAINDER 1);
COMMIT;

-- undo contract-2: drop constraint public.events_2025.events_2025_at_check
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.events_2025 ADD CONSTRAINT events_2025_at_check CHECK (at IS NOT NULL AND at >= '2025-01-01' AND at < '2026-01-01');
COMMIT;

-- undo contract-1: detach table public.events_2025 from public.events concurrently
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.events ATTACH PARTITION public.events_2025 FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
ALTER TABLE public.events_2025 DROP CONSTRAINT IF EXISTS events_2025_at_check;
COMMIT;
