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

-- undo contract-1: drop trigger public.rooms.pgphase_rooms_label_sync; drop function public.pgphase_rooms_label_sync(); 3 more changes
-- to run again afterwards: expand-2, expand-3, backfill-1, validate-1
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.rooms RENAME COLUMN title TO label;
ALTER TABLE public.rooms ADD COLUMN title character varying(40);
COMMENT ON COLUMN public.rooms.title IS 'On the door';
CREATE SEQUENCE public.pgphase_rooms_label_old;
GRANT SELECT, UPDATE ON SEQUENCE public.pgphase_rooms_label_old TO PUBLIC;
CREATE FUNCTION public.pgphase_rooms_label_sync()
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
    ELSE
        IF ROW(NEW.label)::record OPERATOR(pg_catalog.*<>) ROW(OLD.label)::record THEN
            NEW.title := NEW.label;
            pgphase_old := true;
        ELSIF ROW(NEW.title)::record OPERATOR(pg_catalog.*<>) ROW(OLD.title)::record THEN
            NEW.label := NEW.title;
        ELSIF NEW.title IS NULL THEN
            NEW.title := NEW.label;
        END IF;
    END IF;
    IF pgphase_old THEN
        IF has_schema_privilege('public', 'USAGE') THEN
            IF coalesce(pg_sequence_last_value('public.pgphase_rooms_label_old'::regclass), 0) < floor(date_part('epoch', clock_timestamp()))::bigint THEN
                PERFORM setval('public.pgphase_rooms_label_old'::regclass, floor(date_part('epoch', clock_timestamp()))::bigint);
            END IF;
        END IF;
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER pgphase_rooms_label_sync
    BEFORE INSERT OR UPDATE ON public.rooms
    FOR EACH ROW
    EXECUTE FUNCTION public.pgphase_rooms_label_sync();
ALTER TABLE public.rooms ENABLE ALWAYS TRIGGER pgphase_rooms_label_sync;
COMMIT;

-- nothing to undo for validate-1: check that no rows of public.rooms hold another value in title than in label

-- nothing to undo for backfill-1: backfill public.rooms (title)

-- undo expand-3: create index public.pgphase_rooms_lower_new concurrently
SET lock_timeout = 0;
SET search_path = public;
DROP INDEX CONCURRENTLY IF EXISTS public.pgphase_rooms_lower_new;

-- undo expand-2: create index public.pgphase_rooms_identity_new concurrently
SET lock_timeout = 0;
SET search_path = public;
DROP INDEX CONCURRENTLY IF EXISTS public.pgphase_rooms_identity_new;

-- undo expand-1: add column public.rooms.title; create sequence public.pgphase_rooms_label_old; 2 more changes
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
DROP TRIGGER pgphase_rooms_label_sync ON public.rooms;
DROP FUNCTION public.pgphase_rooms_label_sync();
DROP SEQUENCE public.pgphase_rooms_label_old;
ALTER TABLE public.rooms DROP COLUMN title;
COMMIT;
