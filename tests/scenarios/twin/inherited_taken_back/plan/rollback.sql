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

-- undo contract-7: drop trigger public.items.pgphase_items_label_id_price_sync_back; drop trigger public.books.pgphase_items_label_id_price_sync_back; 6 more changes
-- without what was lost: every value of public.items.pgphase_label_old; every value of public.items.pgphase_id_old; every value of public.items.pgphase_price_old
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
CREATE UNIQUE INDEX pgphase_items_pkey_new ON public.items USING btree (id);
ALTER TABLE public.items ADD COLUMN pgphase_price_old integer;
ALTER TABLE public.items ADD CONSTRAINT pgphase_price_copied CHECK (price IS NOT NULL OR pgphase_price_old IS NULL);
ALTER TABLE public.items ADD COLUMN pgphase_id_old integer;
ALTER TABLE public.items ADD CONSTRAINT pgphase_id_copied CHECK (id IS NOT NULL OR pgphase_id_old IS NULL);
CREATE UNIQUE INDEX pgphase_items_pkey_spare ON public.items USING btree (pgphase_id_old);
CREATE UNIQUE INDEX pgphase_books_id_old ON public.books USING btree (pgphase_id_old);
ALTER TABLE public.items ADD COLUMN pgphase_label_old text;
ALTER TABLE public.items ADD CONSTRAINT pgphase_label_copied CHECK (title IS NOT NULL OR pgphase_label_old IS NULL);
CREATE INDEX pgphase_books_label_old ON public.books USING btree (pgphase_label_old, pgphase_price_old);
COMMENT ON COLUMN public.books.pgphase_label_old IS 'On the cover';
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
    BEFORE INSERT OR UPDATE ON public.books
    FOR EACH ROW
    EXECUTE FUNCTION public.pgphase_items_label_id_price_sync_back();
ALTER TABLE public.books ENABLE ALWAYS TRIGGER pgphase_items_label_id_price_sync_back;
CREATE TRIGGER pgphase_items_label_id_price_sync_back
    BEFORE INSERT OR UPDATE ON public.items
    FOR EACH ROW
    EXECUTE FUNCTION public.pgphase_items_label_id_price_sync_back();
ALTER TABLE public.items ENABLE ALWAYS TRIGGER pgphase_items_label_id_price_sync_back;
COMMIT;

-- undo contract-6: drop trigger public.items.pgphase_items_label_id_price_sync; drop trigger public.books.pgphase_items_label_id_price_sync; 27 more changes
-- first, each statement alone:
SET lock_timeout = '5s';
SET search_path = public;
DO $$
#variable_conflict use_column
DECLARE
    found bigint;
    sample text;
BEGIN
    SELECT pg_catalog.count(*) INTO found FROM (SELECT * FROM public.items WHERE ROW(title)::record OPERATOR(pg_catalog.*<>) ROW((pgphase_label_old)::text)::record) AS pgphase_row;
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
            ) FROM (SELECT * FROM public.items WHERE ROW(title)::record OPERATOR(pg_catalog.*<>) ROW((pgphase_label_old)::text)::record) AS pgphase_row LIMIT 3
        ) AS picked (named);
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = found || CASE WHEN found = 1 THEN ' row of public.items holds another value in pgphase_label_old than in title' ELSE ' rows of public.items hold another value in pgphase_label_old than in title' END,
            DETAIL = coalesce('Among them: ' || sample, 'They have no primary key to name them by.'),
            HINT = 'Correct these rows, then run the phase again.';
    END IF;
END
$$;
DO $$
#variable_conflict use_column
DECLARE
    found bigint;
    sample text;
BEGIN
    SELECT pg_catalog.count(*) INTO found FROM (SELECT * FROM public.items WHERE id IS DISTINCT FROM (pgphase_id_old)::bigint) AS pgphase_row;
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
            ) FROM (SELECT * FROM public.items WHERE id IS DISTINCT FROM (pgphase_id_old)::bigint) AS pgphase_row LIMIT 3
        ) AS picked (named);
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = found || CASE WHEN found = 1 THEN ' row of public.items holds a value in id that has no form as integer' ELSE ' rows of public.items hold a value in id that has no form as integer' END,
            DETAIL = coalesce('Among them: ' || sample, 'They have no primary key to name them by.'),
            HINT = 'Correct these rows, then run the phase again.';
    END IF;
END
$$;
DO $$
#variable_conflict use_column
DECLARE
    found bigint;
    sample text;
BEGIN
    SELECT pg_catalog.count(*) INTO found FROM (SELECT * FROM public.items WHERE price IS DISTINCT FROM (pgphase_price_old)::bigint) AS pgphase_row;
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
            ) FROM (SELECT * FROM public.items WHERE price IS DISTINCT FROM (pgphase_price_old)::bigint) AS pgphase_row LIMIT 3
        ) AS picked (named);
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = found || CASE WHEN found = 1 THEN ' row of public.items holds a value in price that has no form as integer' ELSE ' rows of public.items hold a value in price that has no form as integer' END,
            DETAIL = coalesce('Among them: ' || sample, 'They have no primary key to name them by.'),
            HINT = 'Correct these rows, then run the phase again.';
    END IF;
END
$$;
ALTER TABLE public.items DROP CONSTRAINT IF EXISTS pgphase_label_fits;
ALTER TABLE public.items ADD CONSTRAINT pgphase_label_fits CHECK (NOT (ROW(title)::record OPERATOR(pg_catalog.*<>) ROW((pgphase_label_old)::text)::record)) NOT VALID;
DO $$
#variable_conflict use_column
DECLARE
    found bigint;
    sample text;
BEGIN
    SELECT pg_catalog.count(*) INTO found FROM (SELECT * FROM public.items WHERE ROW(title)::record OPERATOR(pg_catalog.*<>) ROW((pgphase_label_old)::text)::record) AS pgphase_row;
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
            ) FROM (SELECT * FROM public.items WHERE ROW(title)::record OPERATOR(pg_catalog.*<>) ROW((pgphase_label_old)::text)::record) AS pgphase_row LIMIT 3
        ) AS picked (named);
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = found || CASE WHEN found = 1 THEN ' row of public.items holds another value in pgphase_label_old than in title' ELSE ' rows of public.items hold another value in pgphase_label_old than in title' END,
            DETAIL = coalesce('Among them: ' || sample, 'They have no primary key to name them by.'),
            HINT = 'Correct these rows, then run the phase again.';
    END IF;
END
$$;
ALTER TABLE public.items DROP CONSTRAINT IF EXISTS pgphase_id_fits;
ALTER TABLE public.items ADD CONSTRAINT pgphase_id_fits CHECK (NOT (id IS DISTINCT FROM (pgphase_id_old)::bigint)) NOT VALID;
DO $$
#variable_conflict use_column
DECLARE
    found bigint;
    sample text;
BEGIN
    SELECT pg_catalog.count(*) INTO found FROM (SELECT * FROM public.items WHERE id IS DISTINCT FROM (pgphase_id_old)::bigint) AS pgphase_row;
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
            ) FROM (SELECT * FROM public.items WHERE id IS DISTINCT FROM (pgphase_id_old)::bigint) AS pgphase_row LIMIT 3
        ) AS picked (named);
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = found || CASE WHEN found = 1 THEN ' row of public.items holds a value in id that has no form as integer' ELSE ' rows of public.items hold a value in id that has no form as integer' END,
            DETAIL = coalesce('Among them: ' || sample, 'They have no primary key to name them by.'),
            HINT = 'Correct these rows, then run the phase again.';
    END IF;
END
$$;
ALTER TABLE public.items DROP CONSTRAINT IF EXISTS pgphase_price_fits;
ALTER TABLE public.items ADD CONSTRAINT pgphase_price_fits CHECK (NOT (price IS DISTINCT FROM (pgphase_price_old)::bigint)) NOT VALID;
DO $$
#variable_conflict use_column
DECLARE
    found bigint;
    sample text;
BEGIN
    SELECT pg_catalog.count(*) INTO found FROM (SELECT * FROM public.items WHERE price IS DISTINCT FROM (pgphase_price_old)::bigint) AS pgphase_row;
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
            ) FROM (SELECT * FROM public.items WHERE price IS DISTINCT FROM (pgphase_price_old)::bigint) AS pgphase_row LIMIT 3
        ) AS picked (named);
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = found || CASE WHEN found = 1 THEN ' row of public.items holds a value in price that has no form as integer' ELSE ' rows of public.items hold a value in price that has no form as integer' END,
            DETAIL = coalesce('Among them: ' || sample, 'They have no primary key to name them by.'),
            HINT = 'Correct these rows, then run the phase again.';
    END IF;
END
$$;
ALTER TABLE public.items DROP CONSTRAINT IF EXISTS pgphase_id_back;
ALTER TABLE public.items ADD CONSTRAINT pgphase_id_back CHECK (pgphase_id_old IS NOT NULL) NOT VALID;
ALTER TABLE public.items VALIDATE CONSTRAINT pgphase_id_back;
ALTER TABLE public.items DROP CONSTRAINT IF EXISTS pgphase_price_back;
ALTER TABLE public.items ADD CONSTRAINT pgphase_price_back CHECK (pgphase_price_old IS NOT NULL) NOT VALID;
ALTER TABLE public.items VALIDATE CONSTRAINT pgphase_price_back;
-- then, together:
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
LOCK TABLE public.items IN ACCESS EXCLUSIVE MODE;
ALTER TABLE public.items DROP CONSTRAINT IF EXISTS pgphase_label_fits;
ALTER TABLE public.items DROP CONSTRAINT IF EXISTS pgphase_id_fits;
ALTER TABLE public.items DROP CONSTRAINT IF EXISTS pgphase_price_fits;
DROP TRIGGER pgphase_items_label_id_price_sync_back ON public.books;
DROP TRIGGER pgphase_items_label_id_price_sync_back ON public.items;
DROP FUNCTION public.pgphase_items_label_id_price_sync_back();
DROP SEQUENCE public.pgphase_items_label_id_price_misfits;
ALTER TABLE public.items RENAME CONSTRAINT items_price TO pgphase_items_price_new;
ALTER INDEX public.books_label RENAME TO pgphase_books_label_new;
ALTER INDEX public.books_id RENAME TO pgphase_books_id_new;
ALTER TABLE public.items DROP CONSTRAINT items_pkey;
ALTER TABLE public.items ALTER COLUMN price DROP DEFAULT;
ALTER TABLE public.items ADD CONSTRAINT pgphase_price_not_null CHECK (price IS NOT NULL) NOT VALID;
ALTER TABLE public.items ALTER COLUMN price DROP NOT NULL;
ALTER TABLE public.items RENAME COLUMN price TO pgphase_price_new;
ALTER TABLE public.items ADD CONSTRAINT pgphase_id_not_null CHECK (id IS NOT NULL) NOT VALID;
ALTER TABLE public.items ALTER COLUMN id DROP NOT NULL;
ALTER TABLE public.items RENAME COLUMN id TO pgphase_id_new;
ALTER TABLE public.items RENAME COLUMN pgphase_price_old TO price;
ALTER TABLE public.items RENAME COLUMN pgphase_id_old TO id;
ALTER TABLE public.items RENAME COLUMN pgphase_label_old TO label;
ALTER INDEX public.pgphase_books_label_old RENAME TO books_label;
ALTER INDEX public.pgphase_books_id_old RENAME TO books_id;
ALTER TABLE public.items ALTER COLUMN price SET NOT NULL;
ALTER TABLE public.items DROP CONSTRAINT IF EXISTS pgphase_price_back;
ALTER TABLE public.items ALTER COLUMN price SET DEFAULT 0;
ALTER TABLE public.items ALTER COLUMN id SET NOT NULL;
ALTER TABLE public.items DROP CONSTRAINT IF EXISTS pgphase_id_back;
ALTER TABLE public.items ADD CONSTRAINT items_price CHECK (price >= 0) NOT VALID;
ALTER TABLE public.items ADD CONSTRAINT items_pkey PRIMARY KEY USING INDEX pgphase_items_pkey_spare;
CREATE SEQUENCE public.pgphase_items_label_id_price_old;
GRANT SELECT, UPDATE ON SEQUENCE public.pgphase_items_label_id_price_old TO PUBLIC;
CREATE FUNCTION public.pgphase_items_label_id_price_sync()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    pgphase_old boolean := false;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.title IS NOT NULL THEN
            NEW.label := NEW.title;
        ELSE
            NEW.title := NEW.label;
            pgphase_old := pgphase_old OR NEW.label IS NOT NULL;
        END IF;
        NEW.pgphase_id_new := NEW.id;
        NEW.pgphase_price_new := NEW.price;
    ELSE
        IF ROW(NEW.label)::record OPERATOR(pg_catalog.*<>) ROW(OLD.label)::record THEN
            NEW.title := NEW.label;
            pgphase_old := true;
        ELSIF ROW(NEW.title)::record OPERATOR(pg_catalog.*<>) ROW(OLD.title)::record THEN
            NEW.label := NEW.title;
        ELSIF NEW.title IS NULL THEN
            NEW.title := NEW.label;
        END IF;
        NEW.pgphase_id_new := NEW.id;
        NEW.pgphase_price_new := NEW.price;
    END IF;
    IF pgphase_old THEN
        IF has_schema_privilege('public', 'USAGE') THEN
            IF coalesce(pg_sequence_last_value('public.pgphase_items_label_id_price_old'::regclass), 0) < floor(date_part('epoch', clock_timestamp()))::bigint THEN
                PERFORM setval('public.pgphase_items_label_id_price_old'::regclass, floor(date_part('epoch', clock_timestamp()))::bigint);
            END IF;
        END IF;
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER pgphase_items_label_id_price_sync
    BEFORE INSERT OR UPDATE ON public.books
    FOR EACH ROW
    EXECUTE FUNCTION public.pgphase_items_label_id_price_sync();
ALTER TABLE public.books ENABLE ALWAYS TRIGGER pgphase_items_label_id_price_sync;
CREATE TRIGGER pgphase_items_label_id_price_sync
    BEFORE INSERT OR UPDATE ON public.items
    FOR EACH ROW
    EXECUTE FUNCTION public.pgphase_items_label_id_price_sync();
ALTER TABLE public.items ENABLE ALWAYS TRIGGER pgphase_items_label_id_price_sync;
COMMIT;

-- undo contract-5: check that no rows of public.items hold another value in pgphase_price_new than in price
SET lock_timeout = '5s';
SET search_path = DEFAULT;
ALTER TABLE public.items VALIDATE CONSTRAINT items_price;
ALTER TABLE public.items VALIDATE CONSTRAINT pgphase_id_not_null;
ALTER TABLE public.items VALIDATE CONSTRAINT pgphase_price_not_null;

-- nothing to undo for contract-4: check that no rows of public.items hold another value in pgphase_id_new than in id

-- nothing to undo for contract-3: check that no rows of public.items hold another value in title than in label

-- undo contract-2: create index public.pgphase_items_pkey_key concurrently
SET lock_timeout = 0;
SET search_path = public;
DROP INDEX CONCURRENTLY IF EXISTS public.pgphase_items_pkey_key;

-- undo contract-1: create index public.pgphase_items_pkey_spare concurrently
SET lock_timeout = 0;
SET search_path = public;
DROP INDEX CONCURRENTLY IF EXISTS public.pgphase_items_pkey_spare;

-- nothing to undo for validate-20: validate constraint public.items.pgphase_price_not_null

-- undo validate-19: add constraint public.items.pgphase_price_not_null
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.items DROP CONSTRAINT pgphase_price_not_null;
COMMIT;

-- nothing to undo for validate-18: check that no rows of public.items hold a null in pgphase_price_new

-- nothing to undo for validate-17: validate constraint public.items.pgphase_id_not_null

-- undo validate-16: add constraint public.items.pgphase_id_not_null
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.items DROP CONSTRAINT pgphase_id_not_null;
COMMIT;

-- nothing to undo for validate-15: check that no rows of public.items hold a null in pgphase_id_new

-- nothing to undo for validate-14: validate constraint public.items.pgphase_items_price_new

-- undo validate-13: add constraint public.items.pgphase_items_price_new
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.items DROP CONSTRAINT pgphase_items_price_new;
COMMIT;

-- undo validate-12: create index public.pgphase_books_label_new concurrently
SET lock_timeout = 0;
SET search_path = public;
DROP INDEX CONCURRENTLY IF EXISTS public.pgphase_books_label_new;

-- undo validate-11: create index public.pgphase_books_id_new concurrently
SET lock_timeout = 0;
SET search_path = public;
DROP INDEX CONCURRENTLY IF EXISTS public.pgphase_books_id_new;

-- undo validate-10: create index public.pgphase_items_pkey_new concurrently
SET lock_timeout = 0;
SET search_path = public;
DROP INDEX CONCURRENTLY IF EXISTS public.pgphase_items_pkey_new;

-- nothing to undo for validate-9: validate constraint public.items.pgphase_price_copied

-- undo validate-8: add constraint public.items.pgphase_price_copied
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.items DROP CONSTRAINT pgphase_price_copied;
COMMIT;

-- nothing to undo for validate-7: check that no rows of public.items hold another value in pgphase_price_new than in price

-- nothing to undo for validate-6: validate constraint public.items.pgphase_id_copied

-- undo validate-5: add constraint public.items.pgphase_id_copied
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.items DROP CONSTRAINT pgphase_id_copied;
COMMIT;

-- nothing to undo for validate-4: check that no rows of public.items hold another value in pgphase_id_new than in id

-- nothing to undo for validate-3: validate constraint public.items.pgphase_label_copied

-- undo validate-2: add constraint public.items.pgphase_label_copied
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.items DROP CONSTRAINT pgphase_label_copied;
COMMIT;

-- nothing to undo for validate-1: check that no rows of public.items hold another value in title than in label

-- nothing to undo for backfill-3: backfill public.items (pgphase_price_new)

-- nothing to undo for backfill-2: backfill public.items (pgphase_id_new)

-- nothing to undo for backfill-1: backfill public.items (title)

-- undo expand-1: add column public.items.title; add column public.items.pgphase_id_new; 5 more changes
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
DROP TRIGGER pgphase_items_label_id_price_sync ON public.books;
DROP TRIGGER pgphase_items_label_id_price_sync ON public.items;
DROP FUNCTION public.pgphase_items_label_id_price_sync();
DROP SEQUENCE public.pgphase_items_label_id_price_old;
ALTER TABLE public.items DROP COLUMN pgphase_price_new;
ALTER TABLE public.items DROP COLUMN pgphase_id_new;
COMMENT ON COLUMN public.books.title IS NULL;
ALTER TABLE public.items DROP COLUMN title;
COMMIT;
