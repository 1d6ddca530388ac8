-- Plan shop, phase 3 of 4: validate, for PostgreSQL 15.
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

-- step validate-1 [518537c90ef3]: check that no rows of public.customers hold a null in token
--   number:      1 of 24 in this phase
--   why:         Asked before any lock is taken.
--   locks:       ACCESS SHARE on public.customers (reads and writes go on)
--   duration:    grows with the table: reads all of public.customers
--   transaction: none needed: it only reads
SET lock_timeout = '5s';
SET search_path = DEFAULT;
DO $$
#variable_conflict use_column
DECLARE
    found bigint;
    sample text;
BEGIN
    SELECT pg_catalog.count(*) INTO found FROM (SELECT * FROM public.customers WHERE token IS NULL) AS pgphase_row;
    IF found > 0 THEN
        SELECT pg_catalog.string_agg(named, '; ') INTO sample FROM (
            SELECT (
                SELECT pg_catalog.string_agg(key || ' = ' || coalesce(pg_catalog.left(value, 60), 'null'), ', ')
                FROM pg_catalog.jsonb_each_text(pg_catalog.to_jsonb(pgphase_row))
                WHERE key = ANY (ARRAY[]::text[]) OR key IN (
                    SELECT a.attname FROM pg_catalog.pg_index i
                    JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
                    WHERE i.indrelid = 'public.customers'::pg_catalog.regclass AND i.indisprimary
                )
            ) FROM (SELECT * FROM public.customers WHERE token IS NULL) AS pgphase_row LIMIT 3
        ) AS picked (named);
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = found || CASE WHEN found = 1 THEN ' row of public.customers holds a null in token' ELSE ' rows of public.customers hold a null in token' END,
            DETAIL = coalesce('Among them: ' || sample, 'They have no primary key to name them by.'),
            HINT = 'Correct these rows, then run the phase again.';
    END IF;
END
$$;

-- step validate-2 [36681269ec33]: add constraint public.customers.pgphase_token_not_null
--   number:      2 of 24 in this phase
--   why:         New rows are checked from here on; the table is not read.
--   locks:       ACCESS EXCLUSIVE on public.customers (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.customers ADD CONSTRAINT pgphase_token_not_null CHECK (token IS NOT NULL) NOT VALID;
COMMIT;

-- step validate-3 [3981c7b55c06]: validate constraint public.customers.pgphase_token_not_null
--   number:      3 of 24 in this phase
--   why:         Reads and writes go on while existing rows are checked.
--   locks:       SHARE UPDATE EXCLUSIVE on public.customers (reads and writes go on)
--   duration:    grows with the table: reads all of public.customers
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '10s';
SET LOCAL search_path = DEFAULT;
ALTER TABLE public.customers VALIDATE CONSTRAINT pgphase_token_not_null;
COMMIT;

-- step validate-4 [44a8756b963c]: set column public.customers.token not null
--   number:      4 of 24 in this phase
--   why:         The valid check proves it, so nothing is scanned.
--   locks:       ACCESS EXCLUSIVE on public.customers (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.customers ALTER COLUMN token SET NOT NULL;
COMMIT;

-- step validate-5 [fafb65ee005b]: drop constraint public.customers.pgphase_token_not_null
--   number:      5 of 24 in this phase
--   why:         Only apart from SET NOT NULL: in one statement the proof would not count.
--   locks:       ACCESS EXCLUSIVE on public.customers (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.customers DROP CONSTRAINT pgphase_token_not_null;
COMMIT;

-- step validate-6 [552c2f52f9c2]: check that no rows of public.customers share a value of (email)
--   number:      6 of 24 in this phase
--   why:         Asked before any lock is taken.
--   locks:       ACCESS SHARE on public.customers (reads and writes go on)
--   duration:    grows with the table: reads all of public.customers
--   transaction: none needed: it only reads
SET lock_timeout = '5s';
SET search_path = DEFAULT;
DO $$
#variable_conflict use_column
DECLARE
    found bigint;
    sample text;
BEGIN
    SELECT pg_catalog.count(*) INTO found FROM (SELECT email FROM public.customers WHERE email IS NOT NULL GROUP BY email HAVING count(*) > 1) AS pgphase_row;
    IF found > 0 THEN
        SELECT pg_catalog.string_agg(named, '; ') INTO sample FROM (
            SELECT (
                SELECT pg_catalog.string_agg(key || ' = ' || coalesce(pg_catalog.left(value, 60), 'null'), ', ')
                FROM pg_catalog.jsonb_each_text(pg_catalog.to_jsonb(pgphase_row))
                WHERE key = ANY (ARRAY['email']::text[]) OR key IN (
                    SELECT a.attname FROM pg_catalog.pg_index i
                    JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
                    WHERE i.indrelid = 'public.customers'::pg_catalog.regclass AND i.indisprimary
                )
            ) FROM (SELECT email FROM public.customers WHERE email IS NOT NULL GROUP BY email HAVING count(*) > 1) AS pgphase_row LIMIT 3
        ) AS picked (named);
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = found || CASE WHEN found = 1 THEN ' row of public.customers shares a value of (email)' ELSE ' rows of public.customers share a value of (email)' END,
            DETAIL = coalesce('Among them: ' || sample, 'They have no primary key to name them by.'),
            HINT = 'Correct these rows, then run the phase again.';
    END IF;
END
$$;

-- step validate-7 [4becefa62b86]: create index public.customers_email_key concurrently
--   number:      7 of 24 in this phase
--   why:         Reads and writes go on while it is built.
--   locks:       SHARE UPDATE EXCLUSIVE on public.customers (reads and writes go on)
--   duration:    grows with the table: reads all of public.customers, builds an index on public.customers
--   transaction: none: PostgreSQL does not allow one here
SET lock_timeout = 0;
SET search_path = public;
CREATE UNIQUE INDEX CONCURRENTLY customers_email_key ON public.customers USING btree (email);

-- step validate-8 [4695c1fd3fa9]: add constraint public.customers.customers_email_key using index customers_email_key
--   number:      8 of 24 in this phase
--   why:         The index is there already, so nothing is built.
--   locks:       ACCESS EXCLUSIVE on public.customers (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.customers ADD CONSTRAINT customers_email_key UNIQUE USING INDEX customers_email_key;
COMMIT;

-- step validate-9 [6398a89b3b3c]: check that no rows of public.order_lines violate order_lines_quantity_positive
--   number:      9 of 24 in this phase
--   why:         Asked before any lock is taken.
--   locks:       ACCESS SHARE on public.order_lines (reads and writes go on)
--   duration:    grows with the table: reads all of public.order_lines
--   transaction: none needed: it only reads
SET lock_timeout = '5s';
SET search_path = public;
DO $$
#variable_conflict use_column
DECLARE
    found bigint;
    sample text;
BEGIN
    SELECT pg_catalog.count(*) INTO found FROM (SELECT * FROM public.order_lines WHERE NOT (quantity > 0)) AS pgphase_row;
    IF found > 0 THEN
        SELECT pg_catalog.string_agg(named, '; ') INTO sample FROM (
            SELECT (
                SELECT pg_catalog.string_agg(key || ' = ' || coalesce(pg_catalog.left(value, 60), 'null'), ', ')
                FROM pg_catalog.jsonb_each_text(pg_catalog.to_jsonb(pgphase_row))
                WHERE key = ANY (ARRAY[]::text[]) OR key IN (
                    SELECT a.attname FROM pg_catalog.pg_index i
                    JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
                    WHERE i.indrelid = 'public.order_lines'::pg_catalog.regclass AND i.indisprimary
                )
            ) FROM (SELECT * FROM public.order_lines WHERE NOT (quantity > 0)) AS pgphase_row LIMIT 3
        ) AS picked (named);
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = found || CASE WHEN found = 1 THEN ' row of public.order_lines violates order_lines_quantity_positive' ELSE ' rows of public.order_lines violate order_lines_quantity_positive' END,
            DETAIL = coalesce('Among them: ' || sample, 'They have no primary key to name them by.'),
            HINT = 'Correct these rows, then run the phase again.';
    END IF;
END
$$;

-- step validate-10 [1ad1576c7210]: add constraint public.order_lines.order_lines_quantity_positive
--   number:      10 of 24 in this phase
--   why:         New rows are checked from here on; existing ones are not read.
--   locks:       ACCESS EXCLUSIVE on public.order_lines (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
ALTER TABLE public.order_lines ADD CONSTRAINT order_lines_quantity_positive CHECK (quantity > 0) NOT VALID;
COMMIT;

-- step validate-11 [974e6ca156da]: validate constraint public.order_lines.order_lines_quantity_positive
--   number:      11 of 24 in this phase
--   why:         Apart from ADD, so that reads and writes go on while existing rows are checked.
--   locks:       SHARE UPDATE EXCLUSIVE on public.order_lines (reads and writes go on)
--   duration:    grows with the table: reads all of public.order_lines
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '10s';
SET LOCAL search_path = DEFAULT;
ALTER TABLE public.order_lines VALIDATE CONSTRAINT order_lines_quantity_positive;
COMMIT;

-- step validate-12 [e7b5b717cf11]: check that no rows of public.orders reference no row of public.customers
--   number:      12 of 24 in this phase
--   why:         Asked before any lock is taken.
--   locks:       ACCESS SHARE on public.orders (reads and writes go on), ACCESS SHARE on public.customers (reads and writes go on)
--   duration:    grows with the table: reads all of public.orders, public.customers
--   transaction: none needed: it only reads
SET lock_timeout = '5s';
SET search_path = DEFAULT;
DO $$
#variable_conflict use_column
DECLARE
    found bigint;
    sample text;
BEGIN
    SELECT pg_catalog.count(*) INTO found FROM (SELECT t.* FROM public.orders t WHERE t.customer_id IS NOT NULL AND NOT EXISTS (SELECT FROM public.customers r WHERE r.id = t.customer_id)) AS pgphase_row;
    IF found > 0 THEN
        SELECT pg_catalog.string_agg(named, '; ') INTO sample FROM (
            SELECT (
                SELECT pg_catalog.string_agg(key || ' = ' || coalesce(pg_catalog.left(value, 60), 'null'), ', ')
                FROM pg_catalog.jsonb_each_text(pg_catalog.to_jsonb(pgphase_row))
                WHERE key = ANY (ARRAY['customer_id']::text[]) OR key IN (
                    SELECT a.attname FROM pg_catalog.pg_index i
                    JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
                    WHERE i.indrelid = 'public.orders'::pg_catalog.regclass AND i.indisprimary
                )
            ) FROM (SELECT t.* FROM public.orders t WHERE t.customer_id IS NOT NULL AND NOT EXISTS (SELECT FROM public.customers r WHERE r.id = t.customer_id)) AS pgphase_row LIMIT 3
        ) AS picked (named);
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = found || CASE WHEN found = 1 THEN ' row of public.orders references no row of public.customers' ELSE ' rows of public.orders reference no row of public.customers' END,
            DETAIL = coalesce('Among them: ' || sample, 'They have no primary key to name them by.'),
            HINT = 'Correct these rows, then run the phase again.';
    END IF;
END
$$;

-- step validate-13 [74ae1ce58b21]: add constraint public.orders.orders_customer_fkey
--   number:      13 of 24 in this phase
--   why:         New rows are checked from here on; existing ones are not read.
--   locks:       SHARE ROW EXCLUSIVE on public.customers (writes wait), SHARE ROW EXCLUSIVE on public.orders (writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
LOCK TABLE public.customers, public.orders IN SHARE ROW EXCLUSIVE MODE;
ALTER TABLE public.orders ADD CONSTRAINT orders_customer_fkey FOREIGN KEY (customer_id) REFERENCES public.customers (id) NOT VALID;
COMMIT;

-- step validate-14 [db70f7eeaba8]: validate constraint public.orders.orders_customer_fkey
--   number:      14 of 24 in this phase
--   why:         Apart from ADD, so that reads and writes go on while existing rows are checked.
--   locks:       SHARE UPDATE EXCLUSIVE on public.orders (reads and writes go on), ROW SHARE on public.customers (reads and writes go on)
--   duration:    grows with the table: reads all of public.orders, public.customers
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '10s';
SET LOCAL search_path = DEFAULT;
ALTER TABLE public.orders VALIDATE CONSTRAINT orders_customer_fkey;
COMMIT;

-- step validate-15 [9fb9f4839c31]: check that no rows of public.products violate products_price_positive
--   number:      15 of 24 in this phase
--   why:         Asked before any lock is taken.
--   locks:       ACCESS SHARE on public.products (reads and writes go on)
--   duration:    grows with the table: reads all of public.products
--   transaction: none needed: it only reads
SET lock_timeout = '5s';
SET search_path = public;
DO $$
#variable_conflict use_column
DECLARE
    found bigint;
    sample text;
BEGIN
    SELECT pg_catalog.count(*) INTO found FROM (SELECT * FROM public.products WHERE NOT (price >= 0)) AS pgphase_row;
    IF found > 0 THEN
        SELECT pg_catalog.string_agg(named, '; ') INTO sample FROM (
            SELECT (
                SELECT pg_catalog.string_agg(key || ' = ' || coalesce(pg_catalog.left(value, 60), 'null'), ', ')
                FROM pg_catalog.jsonb_each_text(pg_catalog.to_jsonb(pgphase_row))
                WHERE key = ANY (ARRAY[]::text[]) OR key IN (
                    SELECT a.attname FROM pg_catalog.pg_index i
                    JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
                    WHERE i.indrelid = 'public.products'::pg_catalog.regclass AND i.indisprimary
                )
            ) FROM (SELECT * FROM public.products WHERE NOT (price >= 0)) AS pgphase_row LIMIT 3
        ) AS picked (named);
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = found || CASE WHEN found = 1 THEN ' row of public.products violates products_price_positive' ELSE ' rows of public.products violate products_price_positive' END,
            DETAIL = coalesce('Among them: ' || sample, 'They have no primary key to name them by.'),
            HINT = 'Correct these rows, then run the phase again.';
    END IF;
END
$$;

-- step validate-16 [ffb844f4ee7e]: add constraint public.products.products_price_positive
--   number:      16 of 24 in this phase
--   why:         New rows are checked from here on; existing ones are not read.
--   locks:       ACCESS EXCLUSIVE on public.products (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
ALTER TABLE public.products ADD CONSTRAINT products_price_positive CHECK (price >= 0) NOT VALID;
COMMIT;

-- step validate-17 [8789891287e7]: validate constraint public.products.products_price_positive
--   number:      17 of 24 in this phase
--   why:         Apart from ADD, so that reads and writes go on while existing rows are checked.
--   locks:       SHARE UPDATE EXCLUSIVE on public.products (reads and writes go on)
--   duration:    grows with the table: reads all of public.products
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '10s';
SET LOCAL search_path = DEFAULT;
ALTER TABLE public.products VALIDATE CONSTRAINT products_price_positive;
COMMIT;

-- step validate-18 [585ac72b872a]: check that no rows of public.products share a value of (sku)
--   number:      18 of 24 in this phase
--   why:         Asked before any lock is taken.
--   locks:       ACCESS SHARE on public.products (reads and writes go on)
--   duration:    grows with the table: reads all of public.products
--   transaction: none needed: it only reads
SET lock_timeout = '5s';
SET search_path = DEFAULT;
DO $$
#variable_conflict use_column
DECLARE
    found bigint;
    sample text;
BEGIN
    SELECT pg_catalog.count(*) INTO found FROM (SELECT sku FROM public.products WHERE sku IS NOT NULL GROUP BY sku HAVING count(*) > 1) AS pgphase_row;
    IF found > 0 THEN
        SELECT pg_catalog.string_agg(named, '; ') INTO sample FROM (
            SELECT (
                SELECT pg_catalog.string_agg(key || ' = ' || coalesce(pg_catalog.left(value, 60), 'null'), ', ')
                FROM pg_catalog.jsonb_each_text(pg_catalog.to_jsonb(pgphase_row))
                WHERE key = ANY (ARRAY['sku']::text[]) OR key IN (
                    SELECT a.attname FROM pg_catalog.pg_index i
                    JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
                    WHERE i.indrelid = 'public.products'::pg_catalog.regclass AND i.indisprimary
                )
            ) FROM (SELECT sku FROM public.products WHERE sku IS NOT NULL GROUP BY sku HAVING count(*) > 1) AS pgphase_row LIMIT 3
        ) AS picked (named);
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = found || CASE WHEN found = 1 THEN ' row of public.products shares a value of (sku)' ELSE ' rows of public.products share a value of (sku)' END,
            DETAIL = coalesce('Among them: ' || sample, 'They have no primary key to name them by.'),
            HINT = 'Correct these rows, then run the phase again.';
    END IF;
END
$$;

-- step validate-19 [5c28aab29bd6]: create index public.products_sku_idx concurrently
--   number:      19 of 24 in this phase
--   why:         Reads and writes go on while it is built.
--   locks:       SHARE UPDATE EXCLUSIVE on public.products (reads and writes go on)
--   duration:    grows with the table: reads all of public.products, builds an index on public.products
--   transaction: none: PostgreSQL does not allow one here
SET lock_timeout = 0;
SET search_path = public;
CREATE UNIQUE INDEX CONCURRENTLY products_sku_idx ON public.products USING btree (sku);

-- step validate-20 [9d8873ffa052]: check that no rows of public.customers hold a null in email
--   number:      20 of 24 in this phase
--   why:         Asked before any lock is taken.
--   locks:       ACCESS SHARE on public.customers (reads and writes go on)
--   duration:    grows with the table: reads all of public.customers
--   transaction: none needed: it only reads
SET lock_timeout = '5s';
SET search_path = DEFAULT;
DO $$
#variable_conflict use_column
DECLARE
    found bigint;
    sample text;
BEGIN
    SELECT pg_catalog.count(*) INTO found FROM (SELECT * FROM public.customers WHERE email IS NULL) AS pgphase_row;
    IF found > 0 THEN
        SELECT pg_catalog.string_agg(named, '; ') INTO sample FROM (
            SELECT (
                SELECT pg_catalog.string_agg(key || ' = ' || coalesce(pg_catalog.left(value, 60), 'null'), ', ')
                FROM pg_catalog.jsonb_each_text(pg_catalog.to_jsonb(pgphase_row))
                WHERE key = ANY (ARRAY[]::text[]) OR key IN (
                    SELECT a.attname FROM pg_catalog.pg_index i
                    JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
                    WHERE i.indrelid = 'public.customers'::pg_catalog.regclass AND i.indisprimary
                )
            ) FROM (SELECT * FROM public.customers WHERE email IS NULL) AS pgphase_row LIMIT 3
        ) AS picked (named);
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = found || CASE WHEN found = 1 THEN ' row of public.customers holds a null in email' ELSE ' rows of public.customers hold a null in email' END,
            DETAIL = coalesce('Among them: ' || sample, 'They have no primary key to name them by.'),
            HINT = 'Correct these rows, then run the phase again.';
    END IF;
END
$$;

-- step validate-21 [4741d5d807ae]: add constraint public.customers.pgphase_email_not_null
--   number:      21 of 24 in this phase
--   why:         New rows are checked from here on; the table is not read.
--   locks:       ACCESS EXCLUSIVE on public.customers (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.customers ADD CONSTRAINT pgphase_email_not_null CHECK (email IS NOT NULL) NOT VALID;
COMMIT;

-- step validate-22 [790f6049fefb]: validate constraint public.customers.pgphase_email_not_null
--   number:      22 of 24 in this phase
--   why:         Reads and writes go on while existing rows are checked.
--   locks:       SHARE UPDATE EXCLUSIVE on public.customers (reads and writes go on)
--   duration:    grows with the table: reads all of public.customers
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '10s';
SET LOCAL search_path = DEFAULT;
ALTER TABLE public.customers VALIDATE CONSTRAINT pgphase_email_not_null;
COMMIT;

-- step validate-23 [db6d42e5c7ef]: set column public.customers.email not null
--   number:      23 of 24 in this phase
--   why:         The valid check proves it, so nothing is scanned.
--   locks:       ACCESS EXCLUSIVE on public.customers (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.customers ALTER COLUMN email SET NOT NULL;
COMMIT;

-- step validate-24 [4cff32e518ef]: drop constraint public.customers.pgphase_email_not_null
--   number:      24 of 24 in this phase
--   why:         Only apart from SET NOT NULL: in one statement the proof would not count.
--   locks:       ACCESS EXCLUSIVE on public.customers (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.customers DROP CONSTRAINT pgphase_email_not_null;
COMMIT;
