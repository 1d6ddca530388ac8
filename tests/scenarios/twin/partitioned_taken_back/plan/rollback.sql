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

-- undo contract-4: drop trigger public.visits.pgphase_visits_note_amount_sync_back; drop function public.pgphase_visits_note_amount_sync_back(); 3 more changes
-- without what was lost: every value of public.visits.pgphase_note_old; every value of public.visits.pgphase_amount_old
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.visits ADD COLUMN pgphase_amount_old integer;
ALTER TABLE public.visits ADD CONSTRAINT pgphase_amount_copied CHECK (amount IS NOT NULL OR pgphase_amount_old IS NULL);
ALTER TABLE public.visits ADD COLUMN pgphase_note_old text;
ALTER TABLE public.visits ADD CONSTRAINT pgphase_note_copied CHECK (remark IS NOT NULL OR pgphase_note_old IS NULL);
CREATE SEQUENCE public.pgphase_visits_note_amount_misfits;
GRANT SELECT, UPDATE ON SEQUENCE public.pgphase_visits_note_amount_misfits TO PUBLIC;
CREATE FUNCTION public.pgphase_visits_note_amount_sync_back()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    pgphase_2 bigint;
    pgphase_misfit boolean := false;
    pgphase_was_1 text := NEW.pgphase_note_old;
    pgphase_was_2 integer := NEW.pgphase_amount_old;
BEGIN
    NEW.pgphase_note_old := NEW.remark;
    BEGIN
        pgphase_2 := NEW.pgphase_amount_old;
        IF NEW.amount IS DISTINCT FROM pgphase_2 THEN
            NEW.pgphase_amount_old := NEW.amount;
            pgphase_2 := NEW.pgphase_amount_old;
        END IF;
        IF NEW.amount IS DISTINCT FROM pgphase_2 THEN
            NEW.pgphase_amount_old := NULL;
            pgphase_misfit := true;
        END IF;
    EXCEPTION WHEN OTHERS THEN
        NEW.pgphase_amount_old := NULL;
        pgphase_misfit := true;
    END;
    IF pgphase_misfit THEN
        IF has_schema_privilege('public', 'USAGE') THEN
            PERFORM nextval('public.pgphase_visits_note_amount_misfits'::regclass);
        END IF;
    END IF;
    -- What came here and is not what the new column stands for was meant for the column that stood in this place.
    IF TG_OP = 'INSERT' AND (pgphase_was_1 IS NOT NULL AND ROW(pgphase_was_1)::record OPERATOR(pg_catalog.*<>) ROW(NEW.pgphase_note_old)::record OR pgphase_was_2 IS NOT NULL AND ROW(pgphase_was_2)::record OPERATOR(pg_catalog.*<>) ROW(NEW.pgphase_amount_old)::record) THEN
        RAISE EXCEPTION 'the columns of %.% stand in another order than before', TG_TABLE_SCHEMA, TG_TABLE_NAME
            USING HINT = 'Name the columns in the INSERT or COPY.';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER pgphase_visits_note_amount_sync_back
    BEFORE INSERT OR UPDATE ON public.visits
    FOR EACH ROW
    EXECUTE FUNCTION public.pgphase_visits_note_amount_sync_back();
ALTER TABLE public.visits ENABLE ALWAYS TRIGGER pgphase_visits_note_amount_sync_back;
COMMIT;

-- undo contract-3: drop trigger public.visits.pgphase_visits_note_amount_sync; drop function public.pgphase_visits_note_amount_sync(); 14 more changes
-- first, each statement alone:
SET lock_timeout = '5s';
SET search_path = public;
DO $$
#variable_conflict use_column
DECLARE
    found bigint;
    sample text;
BEGIN
    SELECT pg_catalog.count(*) INTO found FROM (SELECT * FROM public.visits WHERE ROW(remark)::record OPERATOR(pg_catalog.*<>) ROW((pgphase_note_old)::text)::record) AS pgphase_row;
    IF found > 0 THEN
        SELECT pg_catalog.string_agg(named, '; ') INTO sample FROM (
            SELECT (
                SELECT pg_catalog.string_agg(key || ' = ' || coalesce(pg_catalog.left(value, 60), 'null'), ', ')
                FROM pg_catalog.jsonb_each_text(pg_catalog.to_jsonb(pgphase_row))
                WHERE key = ANY (ARRAY[]::text[]) OR key IN (
                    SELECT a.attname FROM pg_catalog.pg_index i
                    JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
                    WHERE i.indrelid = 'public.visits'::pg_catalog.regclass AND i.indisprimary
                )
            ) FROM (SELECT * FROM public.visits WHERE ROW(remark)::record OPERATOR(pg_catalog.*<>) ROW((pgphase_note_old)::text)::record) AS pgphase_row LIMIT 3
        ) AS picked (named);
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = found || CASE WHEN found = 1 THEN ' row of public.visits holds another value in pgphase_note_old than in remark' ELSE ' rows of public.visits hold another value in pgphase_note_old than in remark' END,
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
    SELECT pg_catalog.count(*) INTO found FROM (SELECT * FROM public.visits WHERE amount IS DISTINCT FROM (pgphase_amount_old)::bigint) AS pgphase_row;
    IF found > 0 THEN
        SELECT pg_catalog.string_agg(named, '; ') INTO sample FROM (
            SELECT (
                SELECT pg_catalog.string_agg(key || ' = ' || coalesce(pg_catalog.left(value, 60), 'null'), ', ')
                FROM pg_catalog.jsonb_each_text(pg_catalog.to_jsonb(pgphase_row))
                WHERE key = ANY (ARRAY[]::text[]) OR key IN (
                    SELECT a.attname FROM pg_catalog.pg_index i
                    JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
                    WHERE i.indrelid = 'public.visits'::pg_catalog.regclass AND i.indisprimary
                )
            ) FROM (SELECT * FROM public.visits WHERE amount IS DISTINCT FROM (pgphase_amount_old)::bigint) AS pgphase_row LIMIT 3
        ) AS picked (named);
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = found || CASE WHEN found = 1 THEN ' row of public.visits holds a value in amount that has no form as integer' ELSE ' rows of public.visits hold a value in amount that has no form as integer' END,
            DETAIL = coalesce('Among them: ' || sample, 'They have no primary key to name them by.'),
            HINT = 'Correct these rows, then run the phase again.';
    END IF;
END
$$;
ALTER TABLE public.visits DROP CONSTRAINT IF EXISTS pgphase_note_fits;
ALTER TABLE public.visits ADD CONSTRAINT pgphase_note_fits CHECK (NOT (ROW(remark)::record OPERATOR(pg_catalog.*<>) ROW((pgphase_note_old)::text)::record)) NOT VALID;
DO $$
#variable_conflict use_column
DECLARE
    found bigint;
    sample text;
BEGIN
    SELECT pg_catalog.count(*) INTO found FROM (SELECT * FROM public.visits WHERE ROW(remark)::record OPERATOR(pg_catalog.*<>) ROW((pgphase_note_old)::text)::record) AS pgphase_row;
    IF found > 0 THEN
        SELECT pg_catalog.string_agg(named, '; ') INTO sample FROM (
            SELECT (
                SELECT pg_catalog.string_agg(key || ' = ' || coalesce(pg_catalog.left(value, 60), 'null'), ', ')
                FROM pg_catalog.jsonb_each_text(pg_catalog.to_jsonb(pgphase_row))
                WHERE key = ANY (ARRAY[]::text[]) OR key IN (
                    SELECT a.attname FROM pg_catalog.pg_index i
                    JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
                    WHERE i.indrelid = 'public.visits'::pg_catalog.regclass AND i.indisprimary
                )
            ) FROM (SELECT * FROM public.visits WHERE ROW(remark)::record OPERATOR(pg_catalog.*<>) ROW((pgphase_note_old)::text)::record) AS pgphase_row LIMIT 3
        ) AS picked (named);
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = found || CASE WHEN found = 1 THEN ' row of public.visits holds another value in pgphase_note_old than in remark' ELSE ' rows of public.visits hold another value in pgphase_note_old than in remark' END,
            DETAIL = coalesce('Among them: ' || sample, 'They have no primary key to name them by.'),
            HINT = 'Correct these rows, then run the phase again.';
    END IF;
END
$$;
ALTER TABLE public.visits DROP CONSTRAINT IF EXISTS pgphase_amount_fits;
ALTER TABLE public.visits ADD CONSTRAINT pgphase_amount_fits CHECK (NOT (amount IS DISTINCT FROM (pgphase_amount_old)::bigint)) NOT VALID;
DO $$
#variable_conflict use_column
DECLARE
    found bigint;
    sample text;
BEGIN
    SELECT pg_catalog.count(*) INTO found FROM (SELECT * FROM public.visits WHERE amount IS DISTINCT FROM (pgphase_amount_old)::bigint) AS pgphase_row;
    IF found > 0 THEN
        SELECT pg_catalog.string_agg(named, '; ') INTO sample FROM (
            SELECT (
                SELECT pg_catalog.string_agg(key || ' = ' || coalesce(pg_catalog.left(value, 60), 'null'), ', ')
                FROM pg_catalog.jsonb_each_text(pg_catalog.to_jsonb(pgphase_row))
                WHERE key = ANY (ARRAY[]::text[]) OR key IN (
                    SELECT a.attname FROM pg_catalog.pg_index i
                    JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
                    WHERE i.indrelid = 'public.visits'::pg_catalog.regclass AND i.indisprimary
                )
            ) FROM (SELECT * FROM public.visits WHERE amount IS DISTINCT FROM (pgphase_amount_old)::bigint) AS pgphase_row LIMIT 3
        ) AS picked (named);
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = found || CASE WHEN found = 1 THEN ' row of public.visits holds a value in amount that has no form as integer' ELSE ' rows of public.visits hold a value in amount that has no form as integer' END,
            DETAIL = coalesce('Among them: ' || sample, 'They have no primary key to name them by.'),
            HINT = 'Correct these rows, then run the phase again.';
    END IF;
END
$$;
ALTER TABLE public.visits DROP CONSTRAINT IF EXISTS pgphase_amount_back;
ALTER TABLE public.visits ADD CONSTRAINT pgphase_amount_back CHECK (pgphase_amount_old IS NOT NULL) NOT VALID;
ALTER TABLE public.visits VALIDATE CONSTRAINT pgphase_amount_back;
-- then, together:
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
LOCK TABLE public.visits IN ACCESS EXCLUSIVE MODE;
ALTER TABLE public.visits DROP CONSTRAINT IF EXISTS pgphase_note_fits;
ALTER TABLE public.visits DROP CONSTRAINT IF EXISTS pgphase_amount_fits;
DROP TRIGGER pgphase_visits_note_amount_sync_back ON public.visits;
DROP FUNCTION public.pgphase_visits_note_amount_sync_back();
DROP SEQUENCE public.pgphase_visits_note_amount_misfits;
ALTER TABLE public.visits RENAME CONSTRAINT visits_amount TO pgphase_visits_amount_new;
ALTER TABLE public.visits ALTER COLUMN amount DROP DEFAULT;
ALTER TABLE public.visits ADD CONSTRAINT pgphase_amount_not_null CHECK (amount IS NOT NULL) NOT VALID;
ALTER TABLE public.visits ALTER COLUMN amount DROP NOT NULL;
ALTER TABLE public.visits RENAME COLUMN amount TO pgphase_amount_new;
ALTER TABLE public.visits RENAME COLUMN pgphase_amount_old TO amount;
ALTER TABLE public.visits RENAME COLUMN pgphase_note_old TO note;
ALTER TABLE public.visits ALTER COLUMN amount SET NOT NULL;
ALTER TABLE public.visits DROP CONSTRAINT IF EXISTS pgphase_amount_back;
ALTER TABLE public.visits ALTER COLUMN amount SET DEFAULT 1;
ALTER TABLE public.visits ADD CONSTRAINT visits_amount CHECK (amount > 0) NOT VALID;
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

-- undo contract-2: check that no rows of public.visits hold another value in pgphase_amount_new than in amount
SET lock_timeout = '5s';
SET search_path = DEFAULT;
ALTER TABLE public.visits VALIDATE CONSTRAINT visits_amount;
ALTER TABLE public.visits VALIDATE CONSTRAINT pgphase_amount_not_null;

-- nothing to undo for contract-1: check that no rows of public.visits hold another value in remark than in note

-- nothing to undo for validate-11: validate constraint public.visits.pgphase_amount_not_null

-- undo validate-10: add constraint public.visits.pgphase_amount_not_null
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.visits DROP CONSTRAINT pgphase_amount_not_null;
COMMIT;

-- nothing to undo for validate-9: check that no rows of public.visits hold a null in pgphase_amount_new

-- nothing to undo for validate-8: validate constraint public.visits.pgphase_visits_amount_new

-- undo validate-7: add constraint public.visits.pgphase_visits_amount_new
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.visits DROP CONSTRAINT pgphase_visits_amount_new;
COMMIT;

-- nothing to undo for validate-6: validate constraint public.visits.pgphase_amount_copied

-- undo validate-5: add constraint public.visits.pgphase_amount_copied
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.visits DROP CONSTRAINT pgphase_amount_copied;
COMMIT;

-- nothing to undo for validate-4: check that no rows of public.visits hold another value in pgphase_amount_new than in amount

-- nothing to undo for validate-3: validate constraint public.visits.pgphase_note_copied

-- undo validate-2: add constraint public.visits.pgphase_note_copied
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.visits DROP CONSTRAINT pgphase_note_copied;
COMMIT;

-- nothing to undo for validate-1: check that no rows of public.visits hold another value in remark than in note

-- nothing to undo for backfill-2: backfill public.visits (pgphase_amount_new)

-- nothing to undo for backfill-1: backfill public.visits (remark)

-- undo expand-1: add column public.visits.remark; add column public.visits.pgphase_amount_new; 3 more changes
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
DROP TRIGGER pgphase_visits_note_amount_sync ON public.visits;
DROP FUNCTION public.pgphase_visits_note_amount_sync();
DROP SEQUENCE public.pgphase_visits_note_amount_old;
ALTER TABLE public.visits DROP COLUMN pgphase_amount_new;
ALTER TABLE public.visits DROP COLUMN remark;
COMMIT;
