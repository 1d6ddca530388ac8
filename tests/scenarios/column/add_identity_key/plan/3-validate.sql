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

-- step validate-1 [d3c6726b09e0]: check that no rows of public.logs hold a null in id
--   number:      1 of 11 in this phase
--   why:         Asked before any lock is taken.
--   locks:       ACCESS SHARE on public.logs (reads and writes go on)
--   duration:    grows with the table: reads all of public.logs
--   transaction: none needed: it only reads
SET lock_timeout = '5s';
SET search_path = DEFAULT;
DO $$
#variable_conflict use_column
DECLARE
    found bigint;
    sample text;
BEGIN
    SELECT pg_catalog.count(*) INTO found FROM (SELECT * FROM public.logs WHERE id IS NULL) AS pgphase_row;
    IF found > 0 THEN
        SELECT pg_catalog.string_agg(named, '; ') INTO sample FROM (
            SELECT (
                SELECT pg_catalog.string_agg(key || ' = ' || coalesce(pg_catalog.left(value, 60), 'null'), ', ')
                FROM pg_catalog.jsonb_each_text(pg_catalog.to_jsonb(pgphase_row))
                WHERE key = ANY (ARRAY[]::text[]) OR key IN (
                    SELECT a.attname FROM pg_catalog.pg_index i
                    JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
                    WHERE i.indrelid = 'public.logs'::pg_catalog.regclass AND i.indisprimary
                )
            ) FROM (SELECT * FROM public.logs WHERE id IS NULL) AS pgphase_row LIMIT 3
        ) AS picked (named);
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = found || CASE WHEN found = 1 THEN ' row of public.logs holds a null in id' ELSE ' rows of public.logs hold a null in id' END,
            DETAIL = coalesce('Among them: ' || sample, 'They have no primary key to name them by.'),
            HINT = 'Correct these rows, then run the phase again.';
    END IF;
END
$$;

-- step validate-2 [74b280367125]: add constraint public.logs.pgphase_id_not_null
--   number:      2 of 11 in this phase
--   why:         New rows are checked from here on; the table is not read.
--   locks:       ACCESS EXCLUSIVE on public.logs (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.logs ADD CONSTRAINT pgphase_id_not_null CHECK (id IS NOT NULL) NOT VALID;
COMMIT;

-- step validate-3 [e770950457be]: validate constraint public.logs.pgphase_id_not_null
--   number:      3 of 11 in this phase
--   why:         Reads and writes go on while existing rows are checked.
--   locks:       SHARE UPDATE EXCLUSIVE on public.logs (reads and writes go on)
--   duration:    grows with the table: reads all of public.logs
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '10s';
SET LOCAL search_path = DEFAULT;
ALTER TABLE public.logs VALIDATE CONSTRAINT pgphase_id_not_null;
COMMIT;

-- step validate-4 [e6ecce622ad6]: set column public.logs.id not null
--   number:      4 of 11 in this phase
--   why:         The valid check proves it, so nothing is scanned.
--   locks:       ACCESS EXCLUSIVE on public.logs (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.logs ALTER COLUMN id SET NOT NULL;
COMMIT;

-- step validate-5 [efab6635168d]: drop constraint public.logs.pgphase_id_not_null
--   number:      5 of 11 in this phase
--   why:         Only apart from SET NOT NULL: in one statement the proof would not count.
--   locks:       ACCESS EXCLUSIVE on public.logs (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.logs DROP CONSTRAINT pgphase_id_not_null;
COMMIT;

-- step validate-6 [cf9a996ef2e4]: drop default of column public.logs.id; set identity of column public.logs.id; 2 more changes
--   number:      6 of 11 in this phase
--   why:         In one transaction, so that numbers are given at every moment and go on where they are.
--   locks:       ACCESS EXCLUSIVE on public.logs (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.logs ALTER COLUMN id DROP DEFAULT;
ALTER TABLE public.logs ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (INCREMENT BY 5 START WITH 100);
DO $$
DECLARE
    stands bigint;
    given boolean;
    ahead boolean;
BEGIN
    EXECUTE pg_catalog.format('SELECT last_value, is_called FROM %s', 'public.pgphase_logs_id_count'::pg_catalog.regclass) INTO stands, given;
    SELECT CASE WHEN seqincrement > 0 THEN stands < seqmin ELSE stands > seqmax END INTO ahead
    FROM pg_catalog.pg_sequence WHERE seqrelid = pg_catalog.pg_get_serial_sequence('public.logs', 'id')::pg_catalog.regclass;
    IF NOT ahead THEN
        PERFORM pg_catalog.setval(pg_catalog.pg_get_serial_sequence('public.logs', 'id')::pg_catalog.regclass, stands, given);
    END IF;
END
$$;
DROP SEQUENCE public.pgphase_logs_id_count;
COMMIT;

-- step validate-7 [ede13f9503b9]: check that no rows of public.logs share a value of (id)
--   number:      7 of 11 in this phase
--   why:         Asked before any lock is taken.
--   locks:       ACCESS SHARE on public.logs (reads and writes go on)
--   duration:    grows with the table: reads all of public.logs
--   transaction: none needed: it only reads
SET lock_timeout = '5s';
SET search_path = DEFAULT;
DO $$
#variable_conflict use_column
DECLARE
    found bigint;
    sample text;
BEGIN
    SELECT pg_catalog.count(*) INTO found FROM (SELECT id FROM public.logs WHERE id IS NOT NULL GROUP BY id HAVING count(*) > 1) AS pgphase_row;
    IF found > 0 THEN
        SELECT pg_catalog.string_agg(named, '; ') INTO sample FROM (
            SELECT (
                SELECT pg_catalog.string_agg(key || ' = ' || coalesce(pg_catalog.left(value, 60), 'null'), ', ')
                FROM pg_catalog.jsonb_each_text(pg_catalog.to_jsonb(pgphase_row))
                WHERE key = ANY (ARRAY['id']::text[]) OR key IN (
                    SELECT a.attname FROM pg_catalog.pg_index i
                    JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
                    WHERE i.indrelid = 'public.logs'::pg_catalog.regclass AND i.indisprimary
                )
            ) FROM (SELECT id FROM public.logs WHERE id IS NOT NULL GROUP BY id HAVING count(*) > 1) AS pgphase_row LIMIT 3
        ) AS picked (named);
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = found || CASE WHEN found = 1 THEN ' row of public.logs shares a value of (id)' ELSE ' rows of public.logs share a value of (id)' END,
            DETAIL = coalesce('Among them: ' || sample, 'They have no primary key to name them by.'),
            HINT = 'Correct these rows, then run the phase again.';
    END IF;
END
$$;

-- step validate-8 [95af10525a30]: create index public.logs_pkey concurrently
--   number:      8 of 11 in this phase
--   why:         Reads and writes go on while it is built.
--   locks:       SHARE UPDATE EXCLUSIVE on public.logs (reads and writes go on)
--   duration:    grows with the table: reads all of public.logs, builds an index on public.logs
--   transaction: none: PostgreSQL does not allow one here
SET lock_timeout = 0;
SET search_path = public;
CREATE UNIQUE INDEX CONCURRENTLY logs_pkey ON public.logs USING btree (id);

-- step validate-9 [2af8bdd1a511]: add constraint public.logs.logs_pkey using index logs_pkey
--   number:      9 of 11 in this phase
--   why:         The index is there already, so nothing is built.
--   locks:       ACCESS EXCLUSIVE on public.logs (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.logs ADD CONSTRAINT logs_pkey PRIMARY KEY USING INDEX logs_pkey;
COMMIT;

-- step validate-10 [bbd34da34320]: comment on sequence public.logs_id_seq
--   number:      10 of 11 in this phase
--   locks:       none on existing tables
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
COMMENT ON SEQUENCE public.logs_id_seq IS 'the numbers';
COMMIT;

-- step validate-11 [bcd1a12b1aa6]: grant USAGE on sequence public.logs_id_seq to PUBLIC
--   number:      11 of 11 in this phase
--   locks:       none on existing tables
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
GRANT USAGE ON SEQUENCE public.logs_id_seq TO PUBLIC;
COMMIT;
