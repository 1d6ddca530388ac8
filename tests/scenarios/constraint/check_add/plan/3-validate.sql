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

-- step validate-1 [a36f0c6bb72c]: check that no rows of public.lines violate price_positive
--   number:      1 of 3 in this phase
--   why:         Asked before any lock is taken.
--   locks:       ACCESS SHARE on public.lines (reads and writes go on)
--   duration:    grows with the table: reads all of public.lines
--   transaction: none needed: it only reads
SET lock_timeout = '5s';
SET search_path = public;
DO $$
DECLARE
    found bigint;
    sample text;
BEGIN
    SELECT pg_catalog.count(*) INTO found FROM (SELECT * FROM public.lines WHERE NOT (price > 0)) AS offending;
    IF found > 0 THEN
        SELECT pg_catalog.string_agg(pg_catalog.left(one::text, 200), ' ') INTO sample
            FROM (SELECT offending FROM (SELECT * FROM public.lines WHERE NOT (price > 0)) AS offending LIMIT 3) AS picked (one);
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = found || ' rows of public.lines violate price_positive',
            DETAIL = 'Among them: ' || sample,
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
