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

-- step expand-1 [3e9f923b16c0]: add column public.rooms.title; create sequence public.pgphase_rooms_label_old; 2 more changes
--   number:      1 of 3 in this phase
--   why:         Whichever of the two columns an application writes, the trigger writes the other one.
--   locks:       ACCESS EXCLUSIVE on public.rooms (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
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

-- step expand-2 [dee24686326f]: create index public.pgphase_rooms_identity_new concurrently
--   number:      2 of 3 in this phase
--   why:         Reads and writes go on while it is built.
--   locks:       SHARE UPDATE EXCLUSIVE on public.rooms (reads and writes go on)
--   duration:    grows with the table: reads all of public.rooms, builds an index on public.rooms
--   transaction: none: PostgreSQL does not allow one here
SET lock_timeout = 0;
SET search_path = public;
CREATE UNIQUE INDEX CONCURRENTLY pgphase_rooms_identity_new ON public.rooms USING btree (title, id);

-- step expand-3 [316ab931974e]: create index public.pgphase_rooms_lower_new concurrently
--   number:      3 of 3 in this phase
--   why:         Reads and writes go on while it is built.
--   locks:       SHARE UPDATE EXCLUSIVE on public.rooms (reads and writes go on)
--   duration:    grows with the table: reads all of public.rooms, builds an index on public.rooms
--   transaction: none: PostgreSQL does not allow one here
SET lock_timeout = 0;
SET search_path = public;
CREATE INDEX CONCURRENTLY pgphase_rooms_lower_new ON public.rooms USING btree ((lower((title)::text)));
