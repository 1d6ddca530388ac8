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

-- step validate-1 [2f8a636d9c04]: check that no rows of public.items hold another value in title than in label
--   number:      1 of 20 in this phase
--   why:         Asked before any lock is taken.
--   locks:       ACCESS SHARE on public.items (reads and writes go on)
--   duration:    grows with the table: reads all of public.items, public.books
--   transaction: none needed: it only reads
SET lock_timeout = '5s';
SET search_path = DEFAULT;
DO $$
#variable_conflict use_column
DECLARE
    found bigint;
    sample text;
BEGIN
    SELECT pg_catalog.count(*) INTO found FROM (SELECT * FROM public.items WHERE ROW(title)::record OPERATOR(pg_catalog.*<>) ROW((label)::text)::record) AS pgphase_row;
    IF found > 0 THEN
        SELECT pg_catalog.string_agg(named, '; ') INTO sample FROM (
            SELECT (
                SELECT pg_catalog.string_agg(key || ' = ' || coalesce(pg_catalog.left(value, 60), 'null'), ', ')
                FROM pg_catalog.jsonb_each_text(pg_catalog.to_jsonb(pgphase_row))
                WHERE key = ANY (ARRAY[]::text[]) OR key IN (
                    SELECT a.attname FROM pg_catalog.pg_index i
                    JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
                    WHERE i.indrelid = 'public.items'::pg_catalog.regclass AND i.indisprimary
                )
            ) FROM (SELECT * FROM public.items WHERE ROW(title)::record OPERATOR(pg_catalog.*<>) ROW((label)::text)::record) AS pgphase_row LIMIT 3
        ) AS picked (named);
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = found || CASE WHEN found = 1 THEN ' row of public.items holds another value in title than in label' ELSE ' rows of public.items hold another value in title than in label' END,
            DETAIL = coalesce('Among them: ' || sample, 'They have no primary key to name them by.'),
            HINT = 'Correct these rows, then run the phase again.';
    END IF;
END
$$;

-- step validate-2 [9631403ef57f]: add constraint public.items.pgphase_label_copied
--   number:      2 of 20 in this phase
--   why:         The proof that every row is copied.
--   locks:       ACCESS EXCLUSIVE on public.items (reads and writes wait), ACCESS EXCLUSIVE on public.books (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.items ADD CONSTRAINT pgphase_label_copied CHECK (title IS NOT NULL OR label IS NULL) NOT VALID;
COMMIT;

-- step validate-3 [6248e14cb8ea]: validate constraint public.items.pgphase_label_copied
--   number:      3 of 20 in this phase
--   why:         Apart from ADD, so that reads and writes go on while existing rows are checked.
--   locks:       SHARE UPDATE EXCLUSIVE on public.items (reads and writes go on), SHARE UPDATE EXCLUSIVE on public.books (reads and writes go on)
--   duration:    grows with the table: reads all of public.items, public.books
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '10s';
SET LOCAL search_path = DEFAULT;
ALTER TABLE public.items VALIDATE CONSTRAINT pgphase_label_copied;
COMMIT;

-- step validate-4 [276915cf125e]: check that no rows of public.items hold another value in pgphase_id_new than in id
--   number:      4 of 20 in this phase
--   why:         Asked before any lock is taken.
--   locks:       ACCESS SHARE on public.items (reads and writes go on)
--   duration:    grows with the table: reads all of public.items, public.books
--   transaction: none needed: it only reads
SET lock_timeout = '5s';
SET search_path = DEFAULT;
DO $$
#variable_conflict use_column
DECLARE
    found bigint;
    sample text;
BEGIN
    SELECT pg_catalog.count(*) INTO found FROM (SELECT * FROM public.items WHERE ROW(pgphase_id_new)::record OPERATOR(pg_catalog.*<>) ROW((id)::bigint)::record) AS pgphase_row;
    IF found > 0 THEN
        SELECT pg_catalog.string_agg(named, '; ') INTO sample FROM (
            SELECT (
                SELECT pg_catalog.string_agg(key || ' = ' || coalesce(pg_catalog.left(value, 60), 'null'), ', ')
                FROM pg_catalog.jsonb_each_text(pg_catalog.to_jsonb(pgphase_row))
                WHERE key = ANY (ARRAY[]::text[]) OR key IN (
                    SELECT a.attname FROM pg_catalog.pg_index i
                    JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
                    WHERE i.indrelid = 'public.items'::pg_catalog.regclass AND i.indisprimary
                )
            ) FROM (SELECT * FROM public.items WHERE ROW(pgphase_id_new)::record OPERATOR(pg_catalog.*<>) ROW((id)::bigint)::record) AS pgphase_row LIMIT 3
        ) AS picked (named);
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = found || CASE WHEN found = 1 THEN ' row of public.items holds another value in pgphase_id_new than in id' ELSE ' rows of public.items hold another value in pgphase_id_new than in id' END,
            DETAIL = coalesce('Among them: ' || sample, 'They have no primary key to name them by.'),
            HINT = 'Correct these rows, then run the phase again.';
    END IF;
END
$$;

-- step validate-5 [b5b0e2b21553]: add constraint public.items.pgphase_id_copied
--   number:      5 of 20 in this phase
--   why:         The proof that every row is copied.
--   locks:       ACCESS EXCLUSIVE on public.items (reads and writes wait), ACCESS EXCLUSIVE on public.books (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.items ADD CONSTRAINT pgphase_id_copied CHECK (pgphase_id_new IS NOT NULL OR id IS NULL) NOT VALID;
COMMIT;

-- step validate-6 [1cb297cc6710]: validate constraint public.items.pgphase_id_copied
--   number:      6 of 20 in this phase
--   why:         Apart from ADD, so that reads and writes go on while existing rows are checked.
--   locks:       SHARE UPDATE EXCLUSIVE on public.items (reads and writes go on), SHARE UPDATE EXCLUSIVE on public.books (reads and writes go on)
--   duration:    grows with the table: reads all of public.items, public.books
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '10s';
SET LOCAL search_path = DEFAULT;
ALTER TABLE public.items VALIDATE CONSTRAINT pgphase_id_copied;
COMMIT;

-- step validate-7 [2cf644a5d706]: check that no rows of public.items hold another value in pgphase_price_new than in price
--   number:      7 of 20 in this phase
--   why:         Asked before any lock is taken.
--   locks:       ACCESS SHARE on public.items (reads and writes go on)
--   duration:    grows with the table: reads all of public.items, public.books
--   transaction: none needed: it only reads
SET lock_timeout = '5s';
SET search_path = DEFAULT;
DO $$
#variable_conflict use_column
DECLARE
    found bigint;
    sample text;
BEGIN
    SELECT pg_catalog.count(*) INTO found FROM (SELECT * FROM public.items WHERE ROW(pgphase_price_new)::record OPERATOR(pg_catalog.*<>) ROW((price)::bigint)::record) AS pgphase_row;
    IF found > 0 THEN
        SELECT pg_catalog.string_agg(named, '; ') INTO sample FROM (
            SELECT (
                SELECT pg_catalog.string_agg(key || ' = ' || coalesce(pg_catalog.left(value, 60), 'null'), ', ')
                FROM pg_catalog.jsonb_each_text(pg_catalog.to_jsonb(pgphase_row))
                WHERE key = ANY (ARRAY[]::text[]) OR key IN (
                    SELECT a.attname FROM pg_catalog.pg_index i
                    JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
                    WHERE i.indrelid = 'public.items'::pg_catalog.regclass AND i.indisprimary
                )
            ) FROM (SELECT * FROM public.items WHERE ROW(pgphase_price_new)::record OPERATOR(pg_catalog.*<>) ROW((price)::bigint)::record) AS pgphase_row LIMIT 3
        ) AS picked (named);
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = found || CASE WHEN found = 1 THEN ' row of public.items holds another value in pgphase_price_new than in price' ELSE ' rows of public.items hold another value in pgphase_price_new than in price' END,
            DETAIL = coalesce('Among them: ' || sample, 'They have no primary key to name them by.'),
            HINT = 'Correct these rows, then run the phase again.';
    END IF;
END
$$;

-- step validate-8 [662804781c6d]: add constraint public.items.pgphase_price_copied
--   number:      8 of 20 in this phase
--   why:         The proof that every row is copied.
--   locks:       ACCESS EXCLUSIVE on public.items (reads and writes wait), ACCESS EXCLUSIVE on public.books (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.items ADD CONSTRAINT pgphase_price_copied CHECK (pgphase_price_new IS NOT NULL OR price IS NULL) NOT VALID;
COMMIT;

-- step validate-9 [c87b4177cb36]: validate constraint public.items.pgphase_price_copied
--   number:      9 of 20 in this phase
--   why:         Apart from ADD, so that reads and writes go on while existing rows are checked.
--   locks:       SHARE UPDATE EXCLUSIVE on public.items (reads and writes go on), SHARE UPDATE EXCLUSIVE on public.books (reads and writes go on)
--   duration:    grows with the table: reads all of public.items, public.books
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '10s';
SET LOCAL search_path = DEFAULT;
ALTER TABLE public.items VALIDATE CONSTRAINT pgphase_price_copied;
COMMIT;

-- step validate-10 [2e5719c2df70]: create index public.pgphase_items_pkey_new concurrently
--   number:      10 of 20 in this phase
--   why:         Reads and writes go on while it is built.
--   locks:       SHARE UPDATE EXCLUSIVE on public.items (reads and writes go on)
--   duration:    grows with the table: reads all of public.items, builds an index on public.items
--   transaction: none: PostgreSQL does not allow one here
SET lock_timeout = 0;
SET search_path = public;
CREATE UNIQUE INDEX CONCURRENTLY pgphase_items_pkey_new ON public.items USING btree (pgphase_id_new);

-- step validate-11 [970810986986]: create index public.pgphase_books_id_new concurrently
--   number:      11 of 20 in this phase
--   why:         Reads and writes go on while it is built.
--   locks:       SHARE UPDATE EXCLUSIVE on public.books (reads and writes go on)
--   duration:    grows with the table: reads all of public.books, builds an index on public.books
--   transaction: none: PostgreSQL does not allow one here
SET lock_timeout = 0;
SET search_path = public;
CREATE UNIQUE INDEX CONCURRENTLY pgphase_books_id_new ON public.books USING btree (pgphase_id_new);

-- step validate-12 [c3a4ec72be40]: create index public.pgphase_books_label_new concurrently
--   number:      12 of 20 in this phase
--   why:         Reads and writes go on while it is built.
--   locks:       SHARE UPDATE EXCLUSIVE on public.books (reads and writes go on)
--   duration:    grows with the table: reads all of public.books, builds an index on public.books
--   transaction: none: PostgreSQL does not allow one here
SET lock_timeout = 0;
SET search_path = public;
CREATE INDEX CONCURRENTLY pgphase_books_label_new ON public.books USING btree (title, pgphase_price_new);

-- step validate-13 [60ece0242cca]: add constraint public.items.pgphase_items_price_new
--   number:      13 of 20 in this phase
--   why:         The twin's own; it takes the name of the old one in the end.
--   locks:       ACCESS EXCLUSIVE on public.items (reads and writes wait), ACCESS EXCLUSIVE on public.books (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.items ADD CONSTRAINT pgphase_items_price_new CHECK (pgphase_price_new >= 0) NOT VALID;
COMMIT;

-- step validate-14 [a47ffb5740e7]: validate constraint public.items.pgphase_items_price_new
--   number:      14 of 20 in this phase
--   why:         Apart from ADD, so that reads and writes go on while existing rows are checked.
--   locks:       SHARE UPDATE EXCLUSIVE on public.items (reads and writes go on), SHARE UPDATE EXCLUSIVE on public.books (reads and writes go on)
--   duration:    grows with the table: reads all of public.items, public.books
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '10s';
SET LOCAL search_path = DEFAULT;
ALTER TABLE public.items VALIDATE CONSTRAINT pgphase_items_price_new;
COMMIT;

-- step validate-15 [f87b70b91e73]: check that no rows of public.items hold a null in pgphase_id_new
--   number:      15 of 20 in this phase
--   why:         Asked before any lock is taken.
--   locks:       ACCESS SHARE on public.items (reads and writes go on)
--   duration:    grows with the table: reads all of public.items, public.books
--   transaction: none needed: it only reads
SET lock_timeout = '5s';
SET search_path = DEFAULT;
DO $$
#variable_conflict use_column
DECLARE
    found bigint;
    sample text;
BEGIN
    SELECT pg_catalog.count(*) INTO found FROM (SELECT * FROM public.items WHERE pgphase_id_new IS NULL) AS pgphase_row;
    IF found > 0 THEN
        SELECT pg_catalog.string_agg(named, '; ') INTO sample FROM (
            SELECT (
                SELECT pg_catalog.string_agg(key || ' = ' || coalesce(pg_catalog.left(value, 60), 'null'), ', ')
                FROM pg_catalog.jsonb_each_text(pg_catalog.to_jsonb(pgphase_row))
                WHERE key = ANY (ARRAY[]::text[]) OR key IN (
                    SELECT a.attname FROM pg_catalog.pg_index i
                    JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
                    WHERE i.indrelid = 'public.items'::pg_catalog.regclass AND i.indisprimary
                )
            ) FROM (SELECT * FROM public.items WHERE pgphase_id_new IS NULL) AS pgphase_row LIMIT 3
        ) AS picked (named);
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = found || CASE WHEN found = 1 THEN ' row of public.items holds a null in pgphase_id_new' ELSE ' rows of public.items hold a null in pgphase_id_new' END,
            DETAIL = coalesce('Among them: ' || sample, 'They have no primary key to name them by.'),
            HINT = 'Correct these rows, then run the phase again.';
    END IF;
END
$$;

-- step validate-16 [5aa058f25fbd]: add constraint public.items.pgphase_id_not_null
--   number:      16 of 20 in this phase
--   why:         It proves later that no row holds a null.
--   locks:       ACCESS EXCLUSIVE on public.items (reads and writes wait), ACCESS EXCLUSIVE on public.books (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.items ADD CONSTRAINT pgphase_id_not_null CHECK (pgphase_id_new IS NOT NULL) NOT VALID;
COMMIT;

-- step validate-17 [883ef9f0da2c]: validate constraint public.items.pgphase_id_not_null
--   number:      17 of 20 in this phase
--   why:         Apart from ADD, so that reads and writes go on while existing rows are checked.
--   locks:       SHARE UPDATE EXCLUSIVE on public.items (reads and writes go on), SHARE UPDATE EXCLUSIVE on public.books (reads and writes go on)
--   duration:    grows with the table: reads all of public.items, public.books
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '10s';
SET LOCAL search_path = DEFAULT;
ALTER TABLE public.items VALIDATE CONSTRAINT pgphase_id_not_null;
COMMIT;

-- step validate-18 [93aa2b9484ce]: check that no rows of public.items hold a null in pgphase_price_new
--   number:      18 of 20 in this phase
--   why:         Asked before any lock is taken.
--   locks:       ACCESS SHARE on public.items (reads and writes go on)
--   duration:    grows with the table: reads all of public.items, public.books
--   transaction: none needed: it only reads
SET lock_timeout = '5s';
SET search_path = DEFAULT;
DO $$
#variable_conflict use_column
DECLARE
    found bigint;
    sample text;
BEGIN
    SELECT pg_catalog.count(*) INTO found FROM (SELECT * FROM public.items WHERE pgphase_price_new IS NULL) AS pgphase_row;
    IF found > 0 THEN
        SELECT pg_catalog.string_agg(named, '; ') INTO sample FROM (
            SELECT (
                SELECT pg_catalog.string_agg(key || ' = ' || coalesce(pg_catalog.left(value, 60), 'null'), ', ')
                FROM pg_catalog.jsonb_each_text(pg_catalog.to_jsonb(pgphase_row))
                WHERE key = ANY (ARRAY[]::text[]) OR key IN (
                    SELECT a.attname FROM pg_catalog.pg_index i
                    JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
                    WHERE i.indrelid = 'public.items'::pg_catalog.regclass AND i.indisprimary
                )
            ) FROM (SELECT * FROM public.items WHERE pgphase_price_new IS NULL) AS pgphase_row LIMIT 3
        ) AS picked (named);
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = found || CASE WHEN found = 1 THEN ' row of public.items holds a null in pgphase_price_new' ELSE ' rows of public.items hold a null in pgphase_price_new' END,
            DETAIL = coalesce('Among them: ' || sample, 'They have no primary key to name them by.'),
            HINT = 'Correct these rows, then run the phase again.';
    END IF;
END
$$;

-- step validate-19 [4d399d37a72a]: add constraint public.items.pgphase_price_not_null
--   number:      19 of 20 in this phase
--   why:         It proves later that no row holds a null.
--   locks:       ACCESS EXCLUSIVE on public.items (reads and writes wait), ACCESS EXCLUSIVE on public.books (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.items ADD CONSTRAINT pgphase_price_not_null CHECK (pgphase_price_new IS NOT NULL) NOT VALID;
COMMIT;

-- step validate-20 [fd78eecb2dbe]: validate constraint public.items.pgphase_price_not_null
--   number:      20 of 20 in this phase
--   why:         Apart from ADD, so that reads and writes go on while existing rows are checked.
--   locks:       SHARE UPDATE EXCLUSIVE on public.items (reads and writes go on), SHARE UPDATE EXCLUSIVE on public.books (reads and writes go on)
--   duration:    grows with the table: reads all of public.items, public.books
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '10s';
SET LOCAL search_path = DEFAULT;
ALTER TABLE public.items VALIDATE CONSTRAINT pgphase_price_not_null;
COMMIT;
