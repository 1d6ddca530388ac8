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

-- step expand-1 [29ca31a3b358]: add column public.visits.remark; add column public.visits.pgphase_amount_new; 3 more changes
--   number:      1 of 1 in this phase
--   why:         The trigger gives the twin what is written to the column.
--   locks:       ACCESS EXCLUSIVE on public.visits (reads and writes wait), ACCESS EXCLUSIVE on public.visits_0 (reads and writes wait), ACCESS EXCLUSIVE on public.visits_rest (reads and writes wait), ACCESS EXCLUSIVE on public.visits_rest_0 (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
ALTER TABLE public.visits ADD COLUMN remark text;
ALTER TABLE public.visits ADD COLUMN pgphase_amount_new bigint;
CREATE SEQUENCE public.pgphase_visits_note_amount_old;
GRANT SELECT, UPDATE ON SEQUENCE public.pgphase_visits_note_amount_old TO PUBLIC;
CREATE FUNCTION public.pgphase_visits_note_amount_sync()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    pgphase_old boolean := false;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.remark IS NOT NULL THEN
            NEW.note := NEW.remark;
        ELSE
            NEW.remark := NEW.note;
            pgphase_old := pgphase_old OR NEW.note IS NOT NULL;
        END IF;
        NEW.pgphase_amount_new := NEW.amount;
    ELSE
        IF ROW(NEW.note)::record OPERATOR(pg_catalog.*<>) ROW(OLD.note)::record THEN
            NEW.remark := NEW.note;
            pgphase_old := true;
        ELSIF ROW(NEW.remark)::record OPERATOR(pg_catalog.*<>) ROW(OLD.remark)::record THEN
            NEW.note := NEW.remark;
        ELSIF NEW.remark IS NULL THEN
            NEW.remark := NEW.note;
        END IF;
        NEW.pgphase_amount_new := NEW.amount;
    END IF;
    IF pgphase_old THEN
        IF has_schema_privilege('public', 'USAGE') THEN
            IF coalesce(pg_sequence_last_value('public.pgphase_visits_note_amount_old'::regclass), 0) < floor(date_part('epoch', clock_timestamp()))::bigint THEN
                PERFORM setval('public.pgphase_visits_note_amount_old'::regclass, floor(date_part('epoch', clock_timestamp()))::bigint);
            END IF;
        END IF;
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER pgphase_visits_note_amount_sync
    BEFORE INSERT OR UPDATE ON public.visits
    FOR EACH ROW
    EXECUTE FUNCTION public.pgphase_visits_note_amount_sync();
ALTER TABLE public.visits ENABLE ALWAYS TRIGGER pgphase_visits_note_amount_sync;
COMMIT;
