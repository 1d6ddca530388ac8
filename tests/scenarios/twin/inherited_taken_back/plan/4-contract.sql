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

-- step contract-1 [d238ea4ef25d]: create index public.pgphase_items_pkey_spare concurrently
--   number:      1 of 7 in this phase
--   why:         The primary key comes back over it if the swap is taken back.
--   locks:       SHARE UPDATE EXCLUSIVE on public.items (reads and writes go on)
--   duration:    grows with the table: reads all of public.items, builds an index on public.items
--   transaction: none: PostgreSQL does not allow one here
SET lock_timeout = 0;
SET search_path = public;
CREATE UNIQUE INDEX CONCURRENTLY pgphase_items_pkey_spare ON public.items USING btree (id);

-- step contract-2 [a53a399fe38b]: create index public.pgphase_items_pkey_key concurrently
--   number:      2 of 7 in this phase
--   why:         It becomes the key's, so that the one that the new application knows stays if the swap is taken back.
--   locks:       SHARE UPDATE EXCLUSIVE on public.items (reads and writes go on)
--   duration:    grows with the table: reads all of public.items, builds an index on public.items
--   transaction: none: PostgreSQL does not allow one here
SET lock_timeout = 0;
SET search_path = public;
CREATE UNIQUE INDEX CONCURRENTLY pgphase_items_pkey_key ON public.items USING btree (pgphase_id_new);

-- step contract-3 [2f8a636d9c04]: check that no rows of public.items hold another value in title than in label
--   number:      3 of 7 in this phase
--   why:         Right before the swap both columns must hold the same.
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

-- step contract-4 [276915cf125e]: check that no rows of public.items hold another value in pgphase_id_new than in id
--   number:      4 of 7 in this phase
--   why:         Right before the swap both columns must hold the same.
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

-- step contract-5 [2cf644a5d706]: check that no rows of public.items hold another value in pgphase_price_new than in price
--   number:      5 of 7 in this phase
--   why:         Right before the swap both columns must hold the same.
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

-- step contract-6 [0f16cfd4314d]: drop trigger public.items.pgphase_items_label_id_price_sync; drop trigger public.books.pgphase_items_label_id_price_sync; 27 more changes
--   number:      6 of 7 in this phase
--   why:         In one transaction, so that every application sees either the old state or the new one. The old columns stay, and follow the new ones.
--   locks:       ACCESS EXCLUSIVE on public.items (reads and writes wait), ACCESS EXCLUSIVE on public.books (reads and writes wait), SHARE UPDATE EXCLUSIVE on public.books_id (reads and writes go on), SHARE UPDATE EXCLUSIVE on public.books_label (reads and writes go on)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
LOCK TABLE public.items IN ACCESS EXCLUSIVE MODE;
DO $$
#variable_conflict use_column
DECLARE
    found bigint;
    sample text;
BEGIN
    SELECT pg_catalog.count(*) INTO found FROM (SELECT oid::pg_catalog.regclass AS relid FROM (WITH RECURSIVE tree AS (SELECT 'public.items'::pg_catalog.regclass::pg_catalog.oid AS oid UNION SELECT i.inhrelid FROM pg_catalog.pg_inherits i JOIN tree ON i.inhparent = tree.oid) SELECT c.oid FROM tree JOIN pg_catalog.pg_class c ON c.oid = tree.oid WHERE c.relkind IN ('r', 'f') ORDER BY c.oid) AS tree WHERE oid NOT IN ('public.items'::pg_catalog.regclass, 'public.books'::pg_catalog.regclass)) AS pgphase_row;
    IF found > 0 THEN
        SELECT pg_catalog.string_agg(named, '; ') INTO sample FROM (
            SELECT (
                SELECT pg_catalog.string_agg(key || ' = ' || coalesce(pg_catalog.left(value, 60), 'null'), ', ')
                FROM pg_catalog.jsonb_each_text(pg_catalog.to_jsonb(pgphase_row))
                WHERE key = ANY (ARRAY['relid']::text[]) OR key IN (
                    SELECT a.attname FROM pg_catalog.pg_index i
                    JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
                    WHERE i.indrelid = 'public.items'::pg_catalog.regclass AND i.indisprimary
                )
            ) FROM (SELECT oid::pg_catalog.regclass AS relid FROM (WITH RECURSIVE tree AS (SELECT 'public.items'::pg_catalog.regclass::pg_catalog.oid AS oid UNION SELECT i.inhrelid FROM pg_catalog.pg_inherits i JOIN tree ON i.inhparent = tree.oid) SELECT c.oid FROM tree JOIN pg_catalog.pg_class c ON c.oid = tree.oid WHERE c.relkind IN ('r', 'f') ORDER BY c.oid) AS tree WHERE oid NOT IN ('public.items'::pg_catalog.regclass, 'public.books'::pg_catalog.regclass)) AS pgphase_row LIMIT 3
        ) AS picked (named);
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = found || CASE WHEN found = 1 THEN ' row of public.items in pg_inherits name tables that the plan does not know: let them stop inheriting until contract is done, or roll back and plan again' ELSE ' rows of public.items in pg_inherits name tables that the plan does not know: let them stop inheriting until contract is done, or roll back and plan again' END,
            DETAIL = coalesce('Among them: ' || sample, 'They have no primary key to name them by.'),
            HINT = 'Correct these rows, then run the phase again.';
    END IF;
END
$$;
DROP TRIGGER pgphase_items_label_id_price_sync ON public.items;
DROP TRIGGER pgphase_items_label_id_price_sync ON public.books;
DROP FUNCTION public.pgphase_items_label_id_price_sync();
DROP SEQUENCE public.pgphase_items_label_id_price_old;
ALTER TABLE public.items DROP CONSTRAINT items_pkey;
ALTER TABLE public.items DROP CONSTRAINT items_price;
ALTER TABLE public.items ALTER COLUMN id DROP NOT NULL;
ALTER TABLE public.items ALTER COLUMN price DROP DEFAULT;
ALTER TABLE public.items ALTER COLUMN price DROP NOT NULL;
ALTER INDEX public.books_id RENAME TO pgphase_books_id_old;
ALTER INDEX public.books_label RENAME TO pgphase_books_label_old;
ALTER TABLE public.items RENAME COLUMN label TO pgphase_label_old;
ALTER TABLE public.items RENAME COLUMN id TO pgphase_id_old;
ALTER TABLE public.items RENAME COLUMN price TO pgphase_price_old;
ALTER TABLE public.items RENAME COLUMN pgphase_id_new TO id;
ALTER TABLE public.items ALTER COLUMN id SET NOT NULL;
ALTER TABLE public.items DROP CONSTRAINT pgphase_id_not_null;
ALTER TABLE public.items RENAME COLUMN pgphase_price_new TO price;
ALTER TABLE public.items ALTER COLUMN price SET NOT NULL;
ALTER TABLE public.items DROP CONSTRAINT pgphase_price_not_null;
ALTER TABLE public.items ALTER COLUMN price SET DEFAULT 0;
ALTER TABLE public.items ADD CONSTRAINT items_pkey PRIMARY KEY USING INDEX pgphase_items_pkey_key;
ALTER INDEX public.pgphase_books_id_new RENAME TO books_id;
ALTER INDEX public.pgphase_books_label_new RENAME TO books_label;
ALTER TABLE public.items RENAME CONSTRAINT pgphase_items_price_new TO items_price;
CREATE SEQUENCE public.pgphase_items_label_id_price_misfits;
GRANT SELECT, UPDATE ON SEQUENCE public.pgphase_items_label_id_price_misfits TO PUBLIC;
CREATE FUNCTION public.pgphase_items_label_id_price_sync_back()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    pgphase_2 bigint;
    pgphase_3 bigint;
    pgphase_misfit boolean := false;
BEGIN
    -- Nobody writes these columns by name: what comes here was meant for the column that stood in this place.
    IF TG_OP = 'INSERT' AND (NEW.pgphase_label_old IS NOT NULL OR NEW.pgphase_id_old IS NOT NULL OR NEW.pgphase_price_old IS NOT NULL) THEN
        RAISE EXCEPTION 'the columns of %.% stand in another order than before', TG_TABLE_SCHEMA, TG_TABLE_NAME
            USING HINT = 'Name the columns in the INSERT or COPY.';
    END IF;
    NEW.pgphase_label_old := NEW.title;
    BEGIN
        pgphase_2 := NEW.pgphase_id_old;
        IF NEW.id IS DISTINCT FROM pgphase_2 THEN
            NEW.pgphase_id_old := NEW.id;
            pgphase_2 := NEW.pgphase_id_old;
        END IF;
        IF NEW.id IS DISTINCT FROM pgphase_2 THEN
            NEW.pgphase_id_old := NULL;
            pgphase_misfit := true;
        END IF;
    EXCEPTION WHEN OTHERS THEN
        NEW.pgphase_id_old := NULL;
        pgphase_misfit := true;
    END;
    BEGIN
        pgphase_3 := NEW.pgphase_price_old;
        IF NEW.price IS DISTINCT FROM pgphase_3 THEN
            NEW.pgphase_price_old := NEW.price;
            pgphase_3 := NEW.pgphase_price_old;
        END IF;
        IF NEW.price IS DISTINCT FROM pgphase_3 THEN
            NEW.pgphase_price_old := NULL;
            pgphase_misfit := true;
        END IF;
    EXCEPTION WHEN OTHERS THEN
        NEW.pgphase_price_old := NULL;
        pgphase_misfit := true;
    END;
    IF pgphase_misfit THEN
        IF has_schema_privilege('public', 'USAGE') THEN
            PERFORM nextval('public.pgphase_items_label_id_price_misfits'::regclass);
        END IF;
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER pgphase_items_label_id_price_sync_back
    BEFORE INSERT OR UPDATE ON public.items
    FOR EACH ROW
    EXECUTE FUNCTION public.pgphase_items_label_id_price_sync_back();
ALTER TABLE public.items ENABLE ALWAYS TRIGGER pgphase_items_label_id_price_sync_back;
CREATE TRIGGER pgphase_items_label_id_price_sync_back
    BEFORE INSERT OR UPDATE ON public.books
    FOR EACH ROW
    EXECUTE FUNCTION public.pgphase_items_label_id_price_sync_back();
ALTER TABLE public.books ENABLE ALWAYS TRIGGER pgphase_items_label_id_price_sync_back;
COMMIT;

-- step contract-7 [18796e036ae2]: drop trigger public.items.pgphase_items_label_id_price_sync_back; drop trigger public.books.pgphase_items_label_id_price_sync_back; 6 more changes
--   number:      7 of 7 in this phase
--   why:         When the cool-down is over there is no way back.
--   locks:       ACCESS EXCLUSIVE on public.items (reads and writes wait), ACCESS EXCLUSIVE on public.books (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
--   hazard:      old-shape:column public.items.pgphase_label_old: The column public.items.label goes; the same values are in column public.items.title, which stands last among the columns.
--   hazard:      old-shape:column public.items.pgphase_id_old: The column public.items.id as integer goes; with the same values it is bigint from here on, and stands last among the columns. Prepared statements over it fail once.
--   hazard:      old-shape:column public.items.pgphase_price_old: The column public.items.price as integer goes; with the same values it is bigint from here on, and stands last among the columns. Prepared statements over it fail once.
\echo 'The cool-down begins: what is left of this file is for 24h later.'
\quit
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
DROP TRIGGER pgphase_items_label_id_price_sync_back ON public.items;
DROP TRIGGER pgphase_items_label_id_price_sync_back ON public.books;
DROP FUNCTION public.pgphase_items_label_id_price_sync_back();
DROP SEQUENCE public.pgphase_items_label_id_price_misfits;
ALTER TABLE public.items DROP COLUMN pgphase_label_old;
ALTER TABLE public.items DROP COLUMN pgphase_id_old;
ALTER TABLE public.items DROP COLUMN pgphase_price_old;
DROP INDEX public.pgphase_items_pkey_new;
COMMIT;
