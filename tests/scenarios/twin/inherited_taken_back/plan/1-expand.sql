-- Plan forward, phase 1 of 4: expand, for PostgreSQL 15.
-- Runs with: pgphase apply . --phase expand; or with: psql -X -f 1-expand.sql
-- Checksums of the steps are in plan.yaml: change the schema files and plan again rather than this file.

\set ON_ERROR_STOP on
SET client_min_messages = warning;
SET statement_timeout = 0;
SET idle_in_transaction_session_timeout = '60s';
SET standard_conforming_strings = on;
SET check_function_bodies = off;
SET default_transaction_isolation = 'read committed';
SET row_security = off;

-- step expand-1 [d267278b9e2e]: add column public.items.title; add column public.items.pgphase_id_new; 5 more changes
--   number:      1 of 1 in this phase
--   why:         The trigger gives the twin what is written to the column.
--   locks:       ACCESS EXCLUSIVE on public.items (reads and writes wait), ACCESS EXCLUSIVE on public.books (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
ALTER TABLE public.items ADD COLUMN title text;
COMMENT ON COLUMN public.books.title IS 'On the cover';
ALTER TABLE public.items ADD COLUMN pgphase_id_new bigint;
ALTER TABLE public.items ADD COLUMN pgphase_price_new bigint;
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
    BEFORE INSERT OR UPDATE ON public.items
    FOR EACH ROW
    EXECUTE FUNCTION public.pgphase_items_label_id_price_sync();
ALTER TABLE public.items ENABLE ALWAYS TRIGGER pgphase_items_label_id_price_sync;
CREATE TRIGGER pgphase_items_label_id_price_sync
    BEFORE INSERT OR UPDATE ON public.books
    FOR EACH ROW
    EXECUTE FUNCTION public.pgphase_items_label_id_price_sync();
ALTER TABLE public.books ENABLE ALWAYS TRIGGER pgphase_items_label_id_price_sync;
COMMIT;
