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

-- step expand-1 [8a84d4e61653]: rename table public.notes to remarks; create view public.notes; replace function public.lines()
--   number:      1 of 5 in this phase
--   why:         The view under the old name reads and writes the table for the old application.
--   locks:       ACCESS EXCLUSIVE on public.notes (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.notes RENAME TO remarks;
CREATE VIEW public.notes WITH (security_invoker=true) AS
SELECT * FROM public.remarks;
ALTER VIEW public.notes OWNER TO postgres;
CREATE OR REPLACE FUNCTION public.lines()
    RETURNS bigint
    LANGUAGE sql
    AS $$select count(line) from remarks$$;
COMMIT;

-- step expand-2 [3163e6cb13ae]: rename table public.orders to purchases; create view public.orders
--   number:      2 of 5 in this phase
--   why:         The view under the old name reads and writes the table for the old application.
--   locks:       ACCESS EXCLUSIVE on public.orders (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.orders RENAME TO purchases;
CREATE VIEW public.orders WITH (security_invoker=true) AS
SELECT * FROM public.purchases;
ALTER VIEW public.orders OWNER TO postgres;
COMMIT;

-- step expand-3 [33bde5fc3e20]: rename constraint public.remarks.notes_pkey to remarks_pkey
--   number:      3 of 5 in this phase
--   why:         No query of an application names it, but for ON CONFLICT ON CONSTRAINT and SET CONSTRAINTS, and errors tell its name: whoever says it or looks for it has to know both.
--   locks:       SHARE UPDATE EXCLUSIVE on public.notes_pkey (reads and writes go on)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER INDEX public.notes_pkey RENAME TO remarks_pkey;
COMMIT;

-- step expand-4 [26c241212328]: rename constraint public.purchases.orders_pkey to purchases_pkey
--   number:      4 of 5 in this phase
--   why:         No query of an application names it, but for ON CONFLICT ON CONSTRAINT and SET CONSTRAINTS, and errors tell its name: whoever says it or looks for it has to know both.
--   locks:       SHARE UPDATE EXCLUSIVE on public.orders_pkey (reads and writes go on)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER INDEX public.orders_pkey RENAME TO purchases_pkey;
COMMIT;

-- step expand-5 [c14324f2635b]: add column public.people.full_name; create sequence public.pgphase_people_name_old; 2 more changes
--   number:      5 of 5 in this phase
--   why:         Whichever of the two columns an application writes, the trigger writes the other one.
--   locks:       ACCESS EXCLUSIVE on public.people (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
ALTER TABLE public.people ADD COLUMN full_name text;
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
