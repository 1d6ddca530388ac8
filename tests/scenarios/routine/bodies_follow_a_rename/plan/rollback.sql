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

-- undo contract-5: drop trigger public.people.pgphase_people_name_sync; drop function public.pgphase_people_name_sync(); 3 more changes
-- without what was lost: every value of public.people.name
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
CREATE OR REPLACE FUNCTION public.names()
    RETURNS bigint
    LANGUAGE sql
    AS $$select count(name) from people$$;
ALTER TABLE public.people ADD COLUMN name text NOT NULL;
ALTER TABLE public.people ADD CONSTRAINT pgphase_name_copied CHECK (full_name IS NOT NULL OR name IS NULL);
CREATE SEQUENCE public.pgphase_people_name_old;
GRANT SELECT, UPDATE ON SEQUENCE public.pgphase_people_name_old TO PUBLIC;
CREATE FUNCTION public.pgphase_people_name_sync()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    pgphase_old boolean := false;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.full_name IS NOT NULL THEN
            NEW.name := NEW.full_name;
        ELSE
            NEW.full_name := NEW.name;
            pgphase_old := pgphase_old OR NEW.name IS NOT NULL;
        END IF;
    ELSE
        IF ROW(NEW.name)::record OPERATOR(pg_catalog.*<>) ROW(OLD.name)::record THEN
            NEW.full_name := NEW.name;
            pgphase_old := true;
        ELSIF ROW(NEW.full_name)::record OPERATOR(pg_catalog.*<>) ROW(OLD.full_name)::record THEN
            NEW.name := NEW.full_name;
        ELSIF NEW.full_name IS NULL THEN
            NEW.full_name := NEW.name;
        END IF;
    END IF;
    IF pgphase_old THEN
        IF has_schema_privilege('public', 'USAGE') THEN
            IF coalesce(pg_sequence_last_value('public.pgphase_people_name_old'::regclass), 0) < floor(date_part('epoch', clock_timestamp()))::bigint THEN
                PERFORM setval('public.pgphase_people_name_old'::regclass, floor(date_part('epoch', clock_timestamp()))::bigint);
            END IF;
        END IF;
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER pgphase_people_name_sync
    BEFORE INSERT OR UPDATE ON public.people
    FOR EACH ROW
    EXECUTE FUNCTION public.pgphase_people_name_sync();
ALTER TABLE public.people ENABLE ALWAYS TRIGGER pgphase_people_name_sync;
COMMIT;

-- undo contract-4: rename column public.purchases.qty to amount; replace function public.total()
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
CREATE OR REPLACE FUNCTION public.total()
    RETURNS bigint
    LANGUAGE sql
    AS $$select sum(qty) from orders$$;
ALTER TABLE public.purchases RENAME COLUMN amount TO qty;
COMMIT;

-- undo contract-3: rename column public.parts.label to title; replace function public.upper_label()
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
CREATE OR REPLACE FUNCTION public.upper_label()
    RETURNS trigger
    LANGUAGE plpgsql
    AS $$begin new.label := upper(new.label); return new; end$$;
ALTER TABLE public.parts RENAME COLUMN title TO label;
COMMIT;

-- undo contract-2: drop view public.orders
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
CREATE VIEW public.orders WITH (security_invoker=true) AS
SELECT * FROM public.purchases;
ALTER VIEW public.orders OWNER TO postgres;
COMMIT;

-- undo contract-1: drop view public.notes
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
CREATE VIEW public.notes WITH (security_invoker=true) AS
SELECT * FROM public.remarks;
ALTER VIEW public.notes OWNER TO postgres;
COMMIT;

-- undo validate-8: drop constraint public.people.pgphase_full_name_not_null
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.people ADD CONSTRAINT pgphase_full_name_not_null CHECK (full_name IS NOT NULL);
COMMIT;

-- undo validate-7: set column public.people.full_name not null
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.people ALTER COLUMN full_name DROP NOT NULL;
COMMIT;

-- nothing to undo for validate-6: validate constraint public.people.pgphase_full_name_not_null

-- undo validate-5: add constraint public.people.pgphase_full_name_not_null
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.people DROP CONSTRAINT pgphase_full_name_not_null;
COMMIT;

-- nothing to undo for validate-4: check that no rows of public.people hold a null in full_name

-- nothing to undo for validate-3: validate constraint public.people.pgphase_name_copied

-- undo validate-2: add constraint public.people.pgphase_name_copied
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.people DROP CONSTRAINT pgphase_name_copied;
COMMIT;

-- nothing to undo for validate-1: check that no rows of public.people hold another value in full_name than in name

-- nothing to undo for backfill-1: backfill public.people (full_name)

-- undo expand-5: add column public.people.full_name; create sequence public.pgphase_people_name_old; 2 more changes
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
DROP TRIGGER pgphase_people_name_sync ON public.people;
DROP FUNCTION public.pgphase_people_name_sync();
DROP SEQUENCE public.pgphase_people_name_old;
ALTER TABLE public.people DROP COLUMN full_name;
COMMIT;

-- undo expand-4: rename constraint public.purchases.orders_pkey to purchases_pkey
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER INDEX public.purchases_pkey RENAME TO orders_pkey;
COMMIT;

-- undo expand-3: rename constraint public.remarks.notes_pkey to remarks_pkey
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER INDEX public.remarks_pkey RENAME TO notes_pkey;
COMMIT;

-- undo expand-2: rename table public.orders to purchases; create view public.orders
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
DROP VIEW public.orders;
ALTER TABLE public.purchases RENAME TO orders;
COMMIT;

-- undo expand-1: rename table public.notes to remarks; create view public.notes; replace function public.lines()
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
CREATE OR REPLACE FUNCTION public.lines()
    RETURNS bigint
    LANGUAGE sql
    AS $$select count(line) from notes$$;
DROP VIEW public.notes;
ALTER TABLE public.remarks RENAME TO notes;
COMMIT;
