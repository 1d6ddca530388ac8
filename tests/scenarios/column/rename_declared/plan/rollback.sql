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

-- undo contract-1: drop trigger public.users.pgphase_users_name_sync; drop function public.pgphase_users_name_sync(); 2 more changes
-- without what was lost: every value of public.users.name
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.users ADD COLUMN name text;
ALTER TABLE public.users ADD CONSTRAINT pgphase_name_copied CHECK (full_name IS NOT NULL OR name IS NULL);
CREATE SEQUENCE public.pgphase_users_name_old;
GRANT SELECT, UPDATE ON SEQUENCE public.pgphase_users_name_old TO PUBLIC;
CREATE FUNCTION public.pgphase_users_name_sync()
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
            IF coalesce(pg_sequence_last_value('public.pgphase_users_name_old'::regclass), 0) < floor(date_part('epoch', clock_timestamp()))::bigint THEN
                PERFORM setval('public.pgphase_users_name_old'::regclass, floor(date_part('epoch', clock_timestamp()))::bigint);
            END IF;
        END IF;
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER pgphase_users_name_sync
    BEFORE INSERT OR UPDATE ON public.users
    FOR EACH ROW
    EXECUTE FUNCTION public.pgphase_users_name_sync();
ALTER TABLE public.users ENABLE ALWAYS TRIGGER pgphase_users_name_sync;
COMMIT;

-- nothing to undo for validate-3: validate constraint public.users.pgphase_name_copied

-- undo validate-2: add constraint public.users.pgphase_name_copied
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.users DROP CONSTRAINT pgphase_name_copied;
COMMIT;

-- nothing to undo for validate-1: check that no rows of public.users hold another value in full_name than in name

-- nothing to undo for backfill-1: backfill public.users (full_name)

-- undo expand-1: add column public.users.full_name; create sequence public.pgphase_users_name_old; 2 more changes
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
DROP TRIGGER pgphase_users_name_sync ON public.users;
DROP FUNCTION public.pgphase_users_name_sync();
DROP SEQUENCE public.pgphase_users_name_old;
ALTER TABLE public.users DROP COLUMN full_name;
COMMIT;
