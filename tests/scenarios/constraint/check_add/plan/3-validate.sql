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

-- step validate-1 [8bc736d1638c]: check that no rows of public.lines violate price_positive
--   number:      1 of 3 in this phase
--   why:         Asked before any lock is taken.
--   locks:       ACCESS SHARE on public.lines (reads and writes go on)
--   duration:    grows with the table: reads all of public.lines
--   transaction: none needed: it only reads
SET lock_timeout = '5s';
SET search_path = public;
DO $$
#variable_conflict use_column
DECLARE
    found bigint;
    sample text;
BEGIN
    SELECT pg_catalog.count(*) INTO found FROM (SELECT * FROM public.lines WHERE NOT (price > 0)) AS pgphase_row;
    IF found > 0 THEN
        SELECT pg_catalog.string_agg(named, '; ') INTO sample FROM (
            SELECT (
                SELECT pg_catalog.string_agg(key || ' = ' || coalesce(pg_catalog.left(value, 60), 'null'), ', ')
                FROM pg_catalog.jsonb_each_text(pg_catalog.to_jsonb(pgphase_row))
                WHERE key = ANY (ARRAY[]::text[]) OR key IN (
                    SELECT a.attname FROM pg_catalog.pg_index i
                    JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
                    WHERE i.indrelid = 'public.lines'::pg_catalog.regclass AND i.indisprimary
                )
            ) FROM (SELECT * FROM public.lines WHERE NOT (price > 0)) AS pgphase_row LIMIT 3
        ) AS picked (named);
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = found || CASE WHEN found = 1 THEN ' row of public.lines violates price_positive' ELSE ' rows of public.lines violate price_positive' END,
            DETAIL = coalesce('Among them: ' || sample, 'They have no primary key to name them by.'),
            HINT = 'Correct these rows, then run the phase again.';
    END IF;
END
$$;

-- step validate-2 [0075c81263bc]: add constraint public.lines.price_positive
--   number:      2 of 3 in this phase
--   why:         New rows are checked from here on; existing ones are not read.
--   locks:       ACCESS EXCLUSIVE on public.lines (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
ALTER TABLE public.lines ADD CONSTRAINT price_positive CHECK (price > 0) NOT VALID;
COMMIT;

-- step validate-3 [2c1c9cd5ffdb]: validate constraint public.lines.price_positive
--   number:      3 of 3 in this phase
--   why:         Apart from ADD, so that reads and writes go on while existing rows are checked.
--   locks:       SHARE UPDATE EXCLUSIVE on public.lines (reads and writes go on)
--   duration:    grows with the table: reads all of public.lines
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '10s';
SET LOCAL search_path = DEFAULT;
ALTER TABLE public.lines VALIDATE CONSTRAINT price_positive;
COMMIT;
