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

-- step validate-1 [5a1fa3f55683]: check that no rows of public.t hold another value in pgphase_x_new than in x
--   number:      1 of 11 in this phase
--   why:         Asked before any lock is taken.
--   locks:       ACCESS SHARE on public.t (reads and writes go on)
--   duration:    grows with the table: reads all of public.t
--   transaction: none needed: it only reads
SET lock_timeout = '5s';
SET search_path = DEFAULT;
DO $$
#variable_conflict use_column
DECLARE
    found bigint;
    sample text;
BEGIN
    SELECT pg_catalog.count(*) INTO found FROM (SELECT * FROM public.t WHERE ROW(pgphase_x_new)::record OPERATOR(pg_catalog.*<>) ROW(((CASE WHEN x IS NOT DISTINCT FROM NULL THEN NULL ELSE (ROW((x).a::bigint, (x).b))::public.pgphase_pair_new END))::public.pgphase_pair_new)::record) AS pgphase_row;
    IF found > 0 THEN
        SELECT pg_catalog.string_agg(named, '; ') INTO sample FROM (
            SELECT (
                SELECT pg_catalog.string_agg(key || ' = ' || coalesce(pg_catalog.left(value, 60), 'null'), ', ')
                FROM pg_catalog.jsonb_each_text(pg_catalog.to_jsonb(pgphase_row))
                WHERE key = ANY (ARRAY[]::text[]) OR key IN (
                    SELECT a.attname FROM pg_catalog.pg_index i
                    JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
                    WHERE i.indrelid = 'public.t'::pg_catalog.regclass AND i.indisprimary
                )
            ) FROM (SELECT * FROM public.t WHERE ROW(pgphase_x_new)::record OPERATOR(pg_catalog.*<>) ROW(((CASE WHEN x IS NOT DISTINCT FROM NULL THEN NULL ELSE (ROW((x).a::bigint, (x).b))::public.pgphase_pair_new END))::public.pgphase_pair_new)::record) AS pgphase_row LIMIT 3
        ) AS picked (named);
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = found || CASE WHEN found = 1 THEN ' row of public.t holds another value in pgphase_x_new than in x' ELSE ' rows of public.t hold another value in pgphase_x_new than in x' END,
            DETAIL = coalesce('Among them: ' || sample, 'They have no primary key to name them by.'),
            HINT = 'Correct these rows, then run the phase again.';
    END IF;
END
$$;

-- step validate-2 [8fcadb14dd10]: add constraint public.t.pgphase_x_copied
--   number:      2 of 11 in this phase
--   why:         The proof that every row is copied.
--   locks:       ACCESS EXCLUSIVE on public.t (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.t ADD CONSTRAINT pgphase_x_copied CHECK (pgphase_x_new IS DISTINCT FROM NULL OR (CASE WHEN x IS NOT DISTINCT FROM NULL THEN NULL ELSE (ROW((x).a::bigint, (x).b))::public.pgphase_pair_new END) IS NOT DISTINCT FROM NULL) NOT VALID;
COMMIT;

-- step validate-3 [84695f0fde37]: validate constraint public.t.pgphase_x_copied
--   number:      3 of 11 in this phase
--   why:         Apart from ADD, so that reads and writes go on while existing rows are checked.
--   locks:       SHARE UPDATE EXCLUSIVE on public.t (reads and writes go on)
--   duration:    grows with the table: reads all of public.t
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '10s';
SET LOCAL search_path = DEFAULT;
ALTER TABLE public.t VALIDATE CONSTRAINT pgphase_x_copied;
COMMIT;

-- step validate-4 [00d062f96009]: check that no rows of public.t hold another value in pgphase_y_new than in y
--   number:      4 of 11 in this phase
--   why:         Asked before any lock is taken.
--   locks:       ACCESS SHARE on public.t (reads and writes go on)
--   duration:    grows with the table: reads all of public.t
--   transaction: none needed: it only reads
SET lock_timeout = '5s';
SET search_path = DEFAULT;
DO $$
#variable_conflict use_column
DECLARE
    found bigint;
    sample text;
BEGIN
    SELECT pg_catalog.count(*) INTO found FROM (SELECT * FROM public.t WHERE ROW(pgphase_y_new)::record OPERATOR(pg_catalog.*<>) ROW(((CASE WHEN y IS NOT DISTINCT FROM NULL THEN NULL ELSE (ROW((y).a::bigint, (y).b))::public.pgphase_pair_new END))::public.pgphase_pair_new)::record) AS pgphase_row;
    IF found > 0 THEN
        SELECT pg_catalog.string_agg(named, '; ') INTO sample FROM (
            SELECT (
                SELECT pg_catalog.string_agg(key || ' = ' || coalesce(pg_catalog.left(value, 60), 'null'), ', ')
                FROM pg_catalog.jsonb_each_text(pg_catalog.to_jsonb(pgphase_row))
                WHERE key = ANY (ARRAY[]::text[]) OR key IN (
                    SELECT a.attname FROM pg_catalog.pg_index i
                    JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
                    WHERE i.indrelid = 'public.t'::pg_catalog.regclass AND i.indisprimary
                )
            ) FROM (SELECT * FROM public.t WHERE ROW(pgphase_y_new)::record OPERATOR(pg_catalog.*<>) ROW(((CASE WHEN y IS NOT DISTINCT FROM NULL THEN NULL ELSE (ROW((y).a::bigint, (y).b))::public.pgphase_pair_new END))::public.pgphase_pair_new)::record) AS pgphase_row LIMIT 3
        ) AS picked (named);
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = found || CASE WHEN found = 1 THEN ' row of public.t holds another value in pgphase_y_new than in y' ELSE ' rows of public.t hold another value in pgphase_y_new than in y' END,
            DETAIL = coalesce('Among them: ' || sample, 'They have no primary key to name them by.'),
            HINT = 'Correct these rows, then run the phase again.';
    END IF;
END
$$;

-- step validate-5 [fff77b702e31]: add constraint public.t.pgphase_y_copied
--   number:      5 of 11 in this phase
--   why:         The proof that every row is copied.
--   locks:       ACCESS EXCLUSIVE on public.t (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.t ADD CONSTRAINT pgphase_y_copied CHECK (pgphase_y_new IS DISTINCT FROM NULL OR (CASE WHEN y IS NOT DISTINCT FROM NULL THEN NULL ELSE (ROW((y).a::bigint, (y).b))::public.pgphase_pair_new END) IS NOT DISTINCT FROM NULL) NOT VALID;
COMMIT;

-- step validate-6 [35f8281de290]: validate constraint public.t.pgphase_y_copied
--   number:      6 of 11 in this phase
--   why:         Apart from ADD, so that reads and writes go on while existing rows are checked.
--   locks:       SHARE UPDATE EXCLUSIVE on public.t (reads and writes go on)
--   duration:    grows with the table: reads all of public.t
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '10s';
SET LOCAL search_path = DEFAULT;
ALTER TABLE public.t VALIDATE CONSTRAINT pgphase_y_copied;
COMMIT;

-- step validate-7 [75c878435600]: add constraint public.t.pgphase_t_x_check_new
--   number:      7 of 11 in this phase
--   why:         The twin's own; it takes the name of the old one in the end.
--   locks:       ACCESS EXCLUSIVE on public.t (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.t ADD CONSTRAINT pgphase_t_x_check_new CHECK ((pgphase_x_new).a > 0) NOT VALID;
COMMIT;

-- step validate-8 [194b050bb353]: validate constraint public.t.pgphase_t_x_check_new
--   number:      8 of 11 in this phase
--   why:         Apart from ADD, so that reads and writes go on while existing rows are checked.
--   locks:       SHARE UPDATE EXCLUSIVE on public.t (reads and writes go on)
--   duration:    grows with the table: reads all of public.t
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '10s';
SET LOCAL search_path = DEFAULT;
ALTER TABLE public.t VALIDATE CONSTRAINT pgphase_t_x_check_new;
COMMIT;

-- step validate-9 [b607c5e0e504]: check that no rows of public.t hold a null in pgphase_x_new
--   number:      9 of 11 in this phase
--   why:         Asked before any lock is taken.
--   locks:       ACCESS SHARE on public.t (reads and writes go on)
--   duration:    grows with the table: reads all of public.t
--   transaction: none needed: it only reads
SET lock_timeout = '5s';
SET search_path = DEFAULT;
DO $$
#variable_conflict use_column
DECLARE
    found bigint;
    sample text;
BEGIN
    SELECT pg_catalog.count(*) INTO found FROM (SELECT * FROM public.t WHERE pgphase_x_new IS NOT DISTINCT FROM NULL) AS pgphase_row;
    IF found > 0 THEN
        SELECT pg_catalog.string_agg(named, '; ') INTO sample FROM (
            SELECT (
                SELECT pg_catalog.string_agg(key || ' = ' || coalesce(pg_catalog.left(value, 60), 'null'), ', ')
                FROM pg_catalog.jsonb_each_text(pg_catalog.to_jsonb(pgphase_row))
                WHERE key = ANY (ARRAY[]::text[]) OR key IN (
                    SELECT a.attname FROM pg_catalog.pg_index i
                    JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
                    WHERE i.indrelid = 'public.t'::pg_catalog.regclass AND i.indisprimary
                )
            ) FROM (SELECT * FROM public.t WHERE pgphase_x_new IS NOT DISTINCT FROM NULL) AS pgphase_row LIMIT 3
        ) AS picked (named);
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = found || CASE WHEN found = 1 THEN ' row of public.t holds a null in pgphase_x_new' ELSE ' rows of public.t hold a null in pgphase_x_new' END,
            DETAIL = coalesce('Among them: ' || sample, 'They have no primary key to name them by.'),
            HINT = 'Correct these rows, then run the phase again.';
    END IF;
END
$$;

-- step validate-10 [c7baf63a22c8]: add constraint public.t.pgphase_x_not_null
--   number:      10 of 11 in this phase
--   why:         It proves later that no row holds a null.
--   locks:       ACCESS EXCLUSIVE on public.t (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.t ADD CONSTRAINT pgphase_x_not_null CHECK (pgphase_x_new IS DISTINCT FROM NULL) NOT VALID;
COMMIT;

-- step validate-11 [3a99aab92a5d]: validate constraint public.t.pgphase_x_not_null
--   number:      11 of 11 in this phase
--   why:         Apart from ADD, so that reads and writes go on while existing rows are checked.
--   locks:       SHARE UPDATE EXCLUSIVE on public.t (reads and writes go on)
--   duration:    grows with the table: reads all of public.t
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '10s';
SET LOCAL search_path = DEFAULT;
ALTER TABLE public.t VALIDATE CONSTRAINT pgphase_x_not_null;
COMMIT;
