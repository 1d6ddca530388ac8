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

-- nothing to undo for contract-2: validate constraint public.profiles.profiles_user_id_fkey

-- undo contract-1: drop trigger public.users.pgphase_users_bio_moved; drop trigger public.users.pgphase_users_bio_emptied; 7 more changes
-- without what was lost: every value of public.users.bio
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.profiles DROP CONSTRAINT profiles_user_id_fkey;
ALTER TABLE public.users ADD COLUMN bio text;
CREATE SEQUENCE public.pgphase_users_bio_old;
GRANT SELECT, UPDATE ON SEQUENCE public.pgphase_users_bio_old TO PUBLIC;
CREATE FUNCTION public.pgphase_profiles_bio_moved()
    RETURNS trigger
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path TO ''
    AS $$
#variable_conflict use_column
BEGIN
    IF pg_catalog.current_setting('pgphase.probe', true) OPERATOR(pg_catalog.=) 'on' THEN
        RETURN NULL;
    END IF;
    IF TG_OP OPERATOR(pg_catalog.=) 'TRUNCATE' THEN
        UPDATE public.users AS pgphase_here SET bio = DEFAULT WHERE pgphase_here.bio IS DISTINCT FROM NULL;
        RETURN NULL;
    END IF;
    IF TG_OP OPERATOR(pg_catalog.=) 'DELETE' THEN
        UPDATE public.users AS pgphase_here SET bio = DEFAULT WHERE pgphase_here.id OPERATOR(pg_catalog.=) OLD.user_id AND (pgphase_here.bio IS DISTINCT FROM NULL) AND NOT EXISTS (SELECT FROM public.profiles AS pgphase_there WHERE pgphase_there.user_id OPERATOR(pg_catalog.=) OLD.user_id);
        RETURN NULL;
    END IF;
    IF TG_OP OPERATOR(pg_catalog.=) 'UPDATE' THEN
        IF ROW(OLD.user_id)::pg_catalog.record OPERATOR(pg_catalog.*<>) ROW(NEW.user_id)::pg_catalog.record THEN
            UPDATE public.users AS pgphase_here SET bio = DEFAULT WHERE pgphase_here.id OPERATOR(pg_catalog.=) OLD.user_id AND (pgphase_here.bio IS DISTINCT FROM NULL) AND NOT EXISTS (SELECT FROM public.profiles AS pgphase_there WHERE pgphase_there.user_id OPERATOR(pg_catalog.=) OLD.user_id);
        ELSIF NOT (ROW(OLD.bio)::pg_catalog.record OPERATOR(pg_catalog.*<>) ROW(NEW.bio)::pg_catalog.record) THEN
            RETURN NULL;
        END IF;
    ELSE
        PERFORM 1 FROM public.users AS pgphase_here WHERE pgphase_here.id OPERATOR(pg_catalog.=) NEW.user_id FOR NO KEY UPDATE;
        UPDATE public.profiles AS pgphase_there SET bio = CASE WHEN pgphase_there.bio IS DISTINCT FROM NULL THEN pgphase_there.bio ELSE pgphase_here.bio END FROM public.users AS pgphase_here
            WHERE pgphase_here.id OPERATOR(pg_catalog.=) NEW.user_id AND pgphase_there.user_id OPERATOR(pg_catalog.=) NEW.user_id AND ROW(pgphase_there.bio)::pg_catalog.record OPERATOR(pg_catalog.*<>) ROW(CASE WHEN pgphase_there.bio IS DISTINCT FROM NULL THEN pgphase_there.bio ELSE pgphase_here.bio END)::pg_catalog.record;
    END IF;
    IF NEW.user_id IS DISTINCT FROM NULL THEN
        PERFORM 1 FROM public.users AS pgphase_here WHERE pgphase_here.id OPERATOR(pg_catalog.=) NEW.user_id FOR KEY SHARE;
        IF NOT FOUND THEN
            RAISE EXCEPTION USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'profiles_user_id_fkey', MESSAGE = 'insert or update on table "profiles" violates foreign key constraint "profiles_user_id_fkey"';
        END IF;
    END IF;
    UPDATE public.users AS pgphase_here SET bio = pgphase_there.bio FROM public.profiles AS pgphase_there
        WHERE pgphase_here.id OPERATOR(pg_catalog.=) NEW.user_id AND pgphase_there.user_id OPERATOR(pg_catalog.=) NEW.user_id AND ROW(pgphase_here.bio)::pg_catalog.record OPERATOR(pg_catalog.*<>) ROW(pgphase_there.bio)::pg_catalog.record;
    RETURN NULL;
END
$$;
CREATE TRIGGER pgphase_profiles_bio_emptied
    AFTER TRUNCATE ON public.profiles
    FOR EACH STATEMENT
    EXECUTE FUNCTION public.pgphase_profiles_bio_moved();
ALTER TABLE public.profiles ENABLE ALWAYS TRIGGER pgphase_profiles_bio_emptied;
CREATE TRIGGER pgphase_profiles_bio_moved
    AFTER INSERT OR DELETE OR UPDATE ON public.profiles
    FOR EACH ROW
    EXECUTE FUNCTION public.pgphase_profiles_bio_moved();
ALTER TABLE public.profiles ENABLE ALWAYS TRIGGER pgphase_profiles_bio_moved;
CREATE FUNCTION public.pgphase_users_bio_moved()
    RETURNS trigger
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path TO ''
    AS $$
#variable_conflict use_column
DECLARE
    pgphase_written boolean := false;
BEGIN
    IF TG_OP OPERATOR(pg_catalog.=) 'TRUNCATE' THEN
        IF pg_catalog.current_setting('transaction_isolation') OPERATOR(pg_catalog.<>) 'read committed' THEN
            RAISE EXCEPTION USING ERRCODE = 'serialization_failure', MESSAGE = 'rows of public.users are being copied',
                HINT = 'Empty it in a transaction that is READ COMMITTED.';
        END IF;
        DELETE FROM public.profiles;
        RETURN NULL;
    END IF;
    IF TG_OP OPERATOR(pg_catalog.=) 'DELETE' THEN
        IF pg_catalog.current_setting('transaction_isolation') OPERATOR(pg_catalog.<>) 'read committed' THEN
            PERFORM pg_catalog.set_config('pgphase.probe', 'on', true);
            INSERT INTO public.profiles (user_id, bio) OVERRIDING SYSTEM VALUE VALUES (OLD.id, OLD.bio)
                ON CONFLICT (user_id) DO NOTHING;
            IF FOUND THEN
                DELETE FROM public.profiles AS pgphase_there WHERE pgphase_there.user_id OPERATOR(pg_catalog.=) OLD.id;
            END IF;
            PERFORM pg_catalog.set_config('pgphase.probe', 'off', true);
        END IF;
        DELETE FROM public.profiles AS pgphase_there WHERE pgphase_there.user_id OPERATOR(pg_catalog.=) OLD.id AND NOT EXISTS (SELECT FROM public.users AS pgphase_here WHERE pgphase_here.id OPERATOR(pg_catalog.=) OLD.id);
        RETURN NULL;
    END IF;
    IF TG_OP OPERATOR(pg_catalog.=) 'UPDATE' THEN
        IF ROW(OLD.id)::pg_catalog.record OPERATOR(pg_catalog.*<>) ROW(NEW.id)::pg_catalog.record THEN
            IF EXISTS (SELECT FROM public.users AS pgphase_here WHERE pgphase_here.id OPERATOR(pg_catalog.=) OLD.id) THEN
                RAISE EXCEPTION USING ERRCODE = 'feature_not_supported', MESSAGE = 'keys of public.users take each other''s place in one statement while columns move to public.profiles',
                    HINT = 'Give each row its key in a statement of its own, by way of a free key.';
            END IF;
            IF pg_catalog.current_setting('transaction_isolation') OPERATOR(pg_catalog.<>) 'read committed' THEN
                PERFORM pg_catalog.set_config('pgphase.probe', 'on', true);
                INSERT INTO public.profiles (user_id, bio) OVERRIDING SYSTEM VALUE VALUES (OLD.id, OLD.bio)
                    ON CONFLICT (user_id) DO NOTHING;
                IF FOUND THEN
                    DELETE FROM public.profiles AS pgphase_there WHERE pgphase_there.user_id OPERATOR(pg_catalog.=) OLD.id;
                END IF;
                PERFORM pg_catalog.set_config('pgphase.probe', 'off', true);
            END IF;
            UPDATE public.profiles AS pgphase_there SET user_id = NEW.id WHERE pgphase_there.user_id OPERATOR(pg_catalog.=) OLD.id AND NOT EXISTS (SELECT FROM public.users AS pgphase_here WHERE pgphase_here.id OPERATOR(pg_catalog.=) OLD.id);
        ELSIF NOT (ROW(OLD.bio)::pg_catalog.record OPERATOR(pg_catalog.*<>) ROW(NEW.bio)::pg_catalog.record) THEN
            RETURN NULL;
        END IF;
    END IF;
    IF pg_catalog.current_setting('transaction_isolation') OPERATOR(pg_catalog.<>) 'read committed' THEN
        IF (SELECT pg_catalog.count(*) FROM public.users AS pgphase_here WHERE pgphase_here.id OPERATOR(pg_catalog.=) NEW.id) OPERATOR(pg_catalog.>) 1 THEN
            RAISE EXCEPTION USING ERRCODE = 'serialization_failure', MESSAGE = 'could not serialize access due to concurrent delete';
        END IF;
    END IF;
    INSERT INTO public.profiles AS pgphase_there (user_id, bio) OVERRIDING SYSTEM VALUE
        SELECT pgphase_here.id, pgphase_here.bio FROM public.users AS pgphase_here WHERE pgphase_here.id OPERATOR(pg_catalog.=) NEW.id AND (pgphase_here.bio IS DISTINCT FROM NULL)
        ON CONFLICT (user_id) DO UPDATE SET bio = EXCLUDED.bio WHERE ROW(pgphase_there.bio)::pg_catalog.record OPERATOR(pg_catalog.*<>) ROW(EXCLUDED.bio)::pg_catalog.record;
    pgphase_written := FOUND;
    IF NOT pgphase_written THEN
        IF TG_OP OPERATOR(pg_catalog.=) 'UPDATE' THEN
            IF pg_catalog.current_setting('transaction_isolation') OPERATOR(pg_catalog.<>) 'read committed' THEN
                PERFORM pg_catalog.set_config('pgphase.probe', 'on', true);
                INSERT INTO public.profiles (user_id, bio) OVERRIDING SYSTEM VALUE VALUES (OLD.id, OLD.bio)
                    ON CONFLICT (user_id) DO NOTHING;
                IF FOUND THEN
                    DELETE FROM public.profiles AS pgphase_there WHERE pgphase_there.user_id OPERATOR(pg_catalog.=) OLD.id;
                END IF;
                PERFORM pg_catalog.set_config('pgphase.probe', 'off', true);
            END IF;
            UPDATE public.profiles AS pgphase_there SET bio = pgphase_here.bio FROM public.users AS pgphase_here WHERE pgphase_here.id OPERATOR(pg_catalog.=) NEW.id AND pgphase_there.user_id OPERATOR(pg_catalog.=) NEW.id AND ROW(pgphase_here.bio)::pg_catalog.record OPERATOR(pg_catalog.*<>) ROW(pgphase_there.bio)::pg_catalog.record;
            pgphase_written := FOUND;
        END IF;
    END IF;
    IF pgphase_written THEN
        IF coalesce(pg_catalog.pg_sequence_last_value('public.pgphase_users_bio_old'::pg_catalog.regclass), 0) OPERATOR(pg_catalog.<) pg_catalog.floor(pg_catalog.date_part('epoch', pg_catalog.clock_timestamp()))::pg_catalog.int8 THEN
            PERFORM pg_catalog.setval('public.pgphase_users_bio_old'::pg_catalog.regclass, pg_catalog.floor(pg_catalog.date_part('epoch', pg_catalog.clock_timestamp()))::pg_catalog.int8);
        END IF;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER pgphase_users_bio_emptied
    AFTER TRUNCATE ON public.users
    FOR EACH STATEMENT
    EXECUTE FUNCTION public.pgphase_users_bio_moved();
ALTER TABLE public.users ENABLE ALWAYS TRIGGER pgphase_users_bio_emptied;
CREATE TRIGGER pgphase_users_bio_moved
    AFTER INSERT OR DELETE OR UPDATE ON public.users
    FOR EACH ROW
    EXECUTE FUNCTION public.pgphase_users_bio_moved();
ALTER TABLE public.users ENABLE ALWAYS TRIGGER pgphase_users_bio_moved;
COMMIT;

-- undo validate-6: replace function public.said(bigint)
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
CREATE OR REPLACE FUNCTION public.said(who bigint)
    RETURNS text
    LANGUAGE plpgsql
    STABLE
    AS $$BEGIN RETURN (SELECT bio FROM public.users WHERE id = who); END$$;
COMMIT;

-- undo validate-5: replace function public.bio_of(bigint)
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
CREATE OR REPLACE FUNCTION public.bio_of(who bigint)
    RETURNS text
    LANGUAGE sql
    STABLE
    AS $$SELECT bio FROM public.users WHERE id = who$$;
COMMIT;

-- undo validate-4: replace view public.sayings
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
CREATE OR REPLACE VIEW public.sayings AS
 SELECT users.id,
    users.bio
   FROM public.users
  WHERE (users.bio IS NOT NULL);
COMMIT;

-- undo validate-3: replace view public.named
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
CREATE OR REPLACE VIEW public.named AS
 SELECT users.id,
    users.name
   FROM public.users;
COMMIT;

-- nothing to undo for validate-2: check that no rows of public.profiles reference no row of public.users

-- nothing to undo for validate-1: check that no rows of public.users differ from public.profiles

-- nothing to undo for backfill-1: copy the rows of public.users to public.profiles

-- undo expand-2: create sequence public.pgphase_users_bio_old; create function public.pgphase_users_bio_moved(); 5 more changes
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
DROP TRIGGER pgphase_profiles_bio_emptied ON public.profiles;
DROP TRIGGER pgphase_profiles_bio_moved ON public.profiles;
DROP FUNCTION public.pgphase_profiles_bio_moved();
DROP TRIGGER pgphase_users_bio_emptied ON public.users;
DROP TRIGGER pgphase_users_bio_moved ON public.users;
DROP FUNCTION public.pgphase_users_bio_moved();
DROP SEQUENCE public.pgphase_users_bio_old;
COMMIT;

-- undo expand-1: create table public.profiles
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
DROP TABLE public.profiles;
COMMIT;
