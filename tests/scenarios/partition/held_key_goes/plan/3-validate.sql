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

-- step validate-1 [cf1dad73e424]: check that no rows of public.p share a value of (id, at)
--   number:      1 of 6 in this phase
--   why:         Asked before any lock is taken.
--   locks:       ACCESS SHARE on public.p (reads and writes go on)
--   duration:    grows with the table: reads all of public.p1, public.p2
--   transaction: none needed: it only reads
SET lock_timeout = '5s';
SET search_path = DEFAULT;
DO $$
#variable_conflict use_column
DECLARE
    found bigint;
    sample text;
BEGIN
    SELECT pg_catalog.count(*) INTO found FROM (SELECT id, at FROM public.p WHERE id IS NOT NULL AND at IS NOT NULL GROUP BY id, at HAVING count(*) > 1) AS pgphase_row;
    IF found > 0 THEN
        SELECT pg_catalog.string_agg(named, '; ') INTO sample FROM (
            SELECT (
                SELECT pg_catalog.string_agg(key || ' = ' || coalesce(pg_catalog.left(value, 60), 'null'), ', ')
                FROM pg_catalog.jsonb_each_text(pg_catalog.to_jsonb(pgphase_row))
                WHERE key = ANY (ARRAY['id', 'at']::text[]) OR key IN (
                    SELECT a.attname FROM pg_catalog.pg_index i
                    JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
                    WHERE i.indrelid = 'public.p'::pg_catalog.regclass AND i.indisprimary
                )
            ) FROM (SELECT id, at FROM public.p WHERE id IS NOT NULL AND at IS NOT NULL GROUP BY id, at HAVING count(*) > 1) AS pgphase_row LIMIT 3
        ) AS picked (named);
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = found || CASE WHEN found = 1 THEN ' row of public.p shares a value of (id, at)' ELSE ' rows of public.p share a value of (id, at)' END,
            DETAIL = coalesce('Among them: ' || sample, 'They have no primary key to name them by.'),
            HINT = 'Correct these rows, then run the phase again.';
    END IF;
END
$$;

-- step validate-2 [fb7cee862c92]: create index public.pgphase_p_idx_new
--   number:      2 of 6 in this phase
--   why:         On the parent only: instant, and not valid until every partition has its index.
--   locks:       SHARE on public.p (writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
CREATE UNIQUE INDEX pgphase_p_idx_new ON ONLY public.p USING btree (id, at);
COMMIT;

-- step validate-3 [312498cce993]: create index public.p1_id_at_idx concurrently
--   number:      3 of 6 in this phase
--   why:         Reads and writes go on while it is built.
--   locks:       SHARE UPDATE EXCLUSIVE on public.p1 (reads and writes go on)
--   duration:    grows with the table: reads all of public.p1, builds an index on public.p1
--   transaction: none: PostgreSQL does not allow one here
SET lock_timeout = 0;
SET search_path = public;
CREATE UNIQUE INDEX CONCURRENTLY p1_id_at_idx ON public.p1 USING btree (id, at);

-- step validate-4 [70583a4783b1]: alter index public.p1_id_at_idx
--   number:      4 of 6 in this phase
--   why:         Reads of the partition wait for a moment, because planning locks the index.
--   locks:       none on existing tables
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER INDEX public.pgphase_p_idx_new ATTACH PARTITION public.p1_id_at_idx;
COMMIT;

-- step validate-5 [1b309bef2a69]: create index public.p2_id_at_idx1 concurrently
--   number:      5 of 6 in this phase
--   why:         Reads and writes go on while it is built.
--   locks:       SHARE UPDATE EXCLUSIVE on public.p2 (reads and writes go on)
--   duration:    grows with the table: reads all of public.p2, builds an index on public.p2
--   transaction: none: PostgreSQL does not allow one here
SET lock_timeout = 0;
SET search_path = public;
CREATE UNIQUE INDEX CONCURRENTLY p2_id_at_idx1 ON public.p2 USING btree (id, at);

-- step validate-6 [ed3dcac84873]: alter index public.p2_id_at_idx1
--   number:      6 of 6 in this phase
--   why:         Reads of the partition wait for a moment, because planning locks the index.
--   locks:       none on existing tables
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER INDEX public.pgphase_p_idx_new ATTACH PARTITION public.p2_id_at_idx1;
COMMIT;
