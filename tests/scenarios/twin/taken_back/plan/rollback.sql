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

-- undo contract-7: drop trigger public.players.pgphase_players_nick_team_sync_back; drop function public.pgphase_players_nick_team_sync_back(); 8 more changes
-- without what was lost: every value of public.players.pgphase_nick_old; every value of public.players.pgphase_team_old; every value of public.teams.pgphase_id_old
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
CREATE UNIQUE INDEX pgphase_players_nick_key_new ON public.players USING btree (nickname);
ALTER TABLE public.teams ADD COLUMN pgphase_id_old integer;
ALTER TABLE public.teams ADD CONSTRAINT pgphase_id_copied CHECK (id IS NOT NULL OR pgphase_id_old IS NULL);
CREATE UNIQUE INDEX pgphase_teams_pkey_spare ON public.teams USING btree (pgphase_id_old);
ALTER TABLE public.players ADD COLUMN pgphase_team_old integer;
ALTER TABLE public.players ADD CONSTRAINT pgphase_team_copied CHECK (team IS NOT NULL OR pgphase_team_old IS NULL);
CREATE INDEX pgphase_players_team_old ON public.players USING btree (pgphase_team_old);
ALTER TABLE public.players ADD COLUMN pgphase_nick_old text;
ALTER TABLE public.players ADD CONSTRAINT pgphase_nick_copied CHECK (nickname IS NOT NULL OR pgphase_nick_old IS NULL);
ALTER TABLE public.players ADD CONSTRAINT pgphase_players_nick_key_old UNIQUE (pgphase_nick_old);
CREATE SEQUENCE public.pgphase_teams_id_misfits;
GRANT SELECT, UPDATE ON SEQUENCE public.pgphase_teams_id_misfits TO PUBLIC;
CREATE FUNCTION public.pgphase_teams_id_sync_back()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    pgphase_1 bigint;
    pgphase_misfit boolean := false;
BEGIN
    -- Nobody writes these columns by name: what comes here was meant for the column that stood in this place.
    IF TG_OP = 'INSERT' AND (NEW.pgphase_id_old IS NOT NULL) THEN
        RAISE EXCEPTION 'the columns of %.% stand in another order than before', TG_TABLE_SCHEMA, TG_TABLE_NAME
            USING HINT = 'Name the columns in the INSERT or COPY.';
    END IF;
    BEGIN
        pgphase_1 := NEW.pgphase_id_old;
        IF NEW.id IS DISTINCT FROM pgphase_1 THEN
            NEW.pgphase_id_old := NEW.id;
            pgphase_1 := NEW.pgphase_id_old;
        END IF;
        IF NEW.id IS DISTINCT FROM pgphase_1 THEN
            NEW.pgphase_id_old := NULL;
            pgphase_misfit := true;
        END IF;
    EXCEPTION WHEN OTHERS THEN
        NEW.pgphase_id_old := NULL;
        pgphase_misfit := true;
    END;
    IF pgphase_misfit THEN
        IF has_schema_privilege('public', 'USAGE') THEN
            PERFORM nextval('public.pgphase_teams_id_misfits'::regclass);
        END IF;
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER pgphase_teams_id_sync_back
    BEFORE INSERT OR UPDATE ON public.teams
    FOR EACH ROW
    EXECUTE FUNCTION public.pgphase_teams_id_sync_back();
ALTER TABLE public.teams ENABLE ALWAYS TRIGGER pgphase_teams_id_sync_back;
CREATE SEQUENCE public.pgphase_players_nick_team_misfits;
GRANT SELECT, UPDATE ON SEQUENCE public.pgphase_players_nick_team_misfits TO PUBLIC;
CREATE FUNCTION public.pgphase_players_nick_team_sync_back()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    pgphase_2 bigint;
    pgphase_misfit boolean := false;
BEGIN
    -- Nobody writes these columns by name: what comes here was meant for the column that stood in this place.
    IF TG_OP = 'INSERT' AND (NEW.pgphase_nick_old IS NOT NULL OR NEW.pgphase_team_old IS NOT NULL) THEN
        RAISE EXCEPTION 'the columns of %.% stand in another order than before', TG_TABLE_SCHEMA, TG_TABLE_NAME
            USING HINT = 'Name the columns in the INSERT or COPY.';
    END IF;
    NEW.pgphase_nick_old := NEW.nickname;
    BEGIN
        pgphase_2 := NEW.pgphase_team_old;
        IF NEW.team IS DISTINCT FROM pgphase_2 THEN
            NEW.pgphase_team_old := NEW.team;
            pgphase_2 := NEW.pgphase_team_old;
        END IF;
        IF NEW.team IS DISTINCT FROM pgphase_2 THEN
            NEW.pgphase_team_old := NULL;
            pgphase_misfit := true;
        END IF;
    EXCEPTION WHEN OTHERS THEN
        NEW.pgphase_team_old := NULL;
        pgphase_misfit := true;
    END;
    IF pgphase_misfit THEN
        IF has_schema_privilege('public', 'USAGE') THEN
            PERFORM nextval('public.pgphase_players_nick_team_misfits'::regclass);
        END IF;
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER pgphase_players_nick_team_sync_back
    BEFORE INSERT OR UPDATE ON public.players
    FOR EACH ROW
    EXECUTE FUNCTION public.pgphase_players_nick_team_sync_back();
ALTER TABLE public.players ENABLE ALWAYS TRIGGER pgphase_players_nick_team_sync_back;
COMMIT;

-- undo contract-6: drop view public.rosters; drop trigger public.players.pgphase_players_nick_team_sync; 36 more changes
-- to run again afterwards: validate-11, validate-13, validate-14
-- first, each statement alone:
SET lock_timeout = '5s';
SET search_path = public;
DO $$
#variable_conflict use_column
DECLARE
    found bigint;
    sample text;
BEGIN
    SELECT pg_catalog.count(*) INTO found FROM (SELECT * FROM public.players WHERE team IS DISTINCT FROM (pgphase_team_old)::bigint) AS pgphase_row;
    IF found > 0 THEN
        SELECT pg_catalog.string_agg(named, '; ') INTO sample FROM (
            SELECT (
                SELECT pg_catalog.string_agg(key || ' = ' || coalesce(pg_catalog.left(value, 60), 'null'), ', ')
                FROM pg_catalog.jsonb_each_text(pg_catalog.to_jsonb(pgphase_row))
                WHERE key = ANY (ARRAY[]::text[]) OR key IN (
                    SELECT a.attname FROM pg_catalog.pg_index i
                    JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
                    WHERE i.indrelid = 'public.players'::pg_catalog.regclass AND i.indisprimary
                )
            ) FROM (SELECT * FROM public.players WHERE team IS DISTINCT FROM (pgphase_team_old)::bigint) AS pgphase_row LIMIT 3
        ) AS picked (named);
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = found || CASE WHEN found = 1 THEN ' row of public.players holds a value in team that has no form as integer' ELSE ' rows of public.players hold a value in team that has no form as integer' END,
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
    SELECT pg_catalog.count(*) INTO found FROM (SELECT * FROM public.teams WHERE id IS DISTINCT FROM (pgphase_id_old)::bigint) AS pgphase_row;
    IF found > 0 THEN
        SELECT pg_catalog.string_agg(named, '; ') INTO sample FROM (
            SELECT (
                SELECT pg_catalog.string_agg(key || ' = ' || coalesce(pg_catalog.left(value, 60), 'null'), ', ')
                FROM pg_catalog.jsonb_each_text(pg_catalog.to_jsonb(pgphase_row))
                WHERE key = ANY (ARRAY[]::text[]) OR key IN (
                    SELECT a.attname FROM pg_catalog.pg_index i
                    JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
                    WHERE i.indrelid = 'public.teams'::pg_catalog.regclass AND i.indisprimary
                )
            ) FROM (SELECT * FROM public.teams WHERE id IS DISTINCT FROM (pgphase_id_old)::bigint) AS pgphase_row LIMIT 3
        ) AS picked (named);
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = found || CASE WHEN found = 1 THEN ' row of public.teams holds a value in id that has no form as integer' ELSE ' rows of public.teams hold a value in id that has no form as integer' END,
            DETAIL = coalesce('Among them: ' || sample, 'They have no primary key to name them by.'),
            HINT = 'Correct these rows, then run the phase again.';
    END IF;
END
$$;
ALTER TABLE public.players DROP CONSTRAINT IF EXISTS pgphase_team_fits;
ALTER TABLE public.players ADD CONSTRAINT pgphase_team_fits CHECK (NOT (team IS DISTINCT FROM (pgphase_team_old)::bigint)) NOT VALID;
DO $$
#variable_conflict use_column
DECLARE
    found bigint;
    sample text;
BEGIN
    SELECT pg_catalog.count(*) INTO found FROM (SELECT * FROM public.players WHERE team IS DISTINCT FROM (pgphase_team_old)::bigint) AS pgphase_row;
    IF found > 0 THEN
        SELECT pg_catalog.string_agg(named, '; ') INTO sample FROM (
            SELECT (
                SELECT pg_catalog.string_agg(key || ' = ' || coalesce(pg_catalog.left(value, 60), 'null'), ', ')
                FROM pg_catalog.jsonb_each_text(pg_catalog.to_jsonb(pgphase_row))
                WHERE key = ANY (ARRAY[]::text[]) OR key IN (
                    SELECT a.attname FROM pg_catalog.pg_index i
                    JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
                    WHERE i.indrelid = 'public.players'::pg_catalog.regclass AND i.indisprimary
                )
            ) FROM (SELECT * FROM public.players WHERE team IS DISTINCT FROM (pgphase_team_old)::bigint) AS pgphase_row LIMIT 3
        ) AS picked (named);
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = found || CASE WHEN found = 1 THEN ' row of public.players holds a value in team that has no form as integer' ELSE ' rows of public.players hold a value in team that has no form as integer' END,
            DETAIL = coalesce('Among them: ' || sample, 'They have no primary key to name them by.'),
            HINT = 'Correct these rows, then run the phase again.';
    END IF;
END
$$;
ALTER TABLE public.teams DROP CONSTRAINT IF EXISTS pgphase_id_fits;
ALTER TABLE public.teams ADD CONSTRAINT pgphase_id_fits CHECK (NOT (id IS DISTINCT FROM (pgphase_id_old)::bigint)) NOT VALID;
DO $$
#variable_conflict use_column
DECLARE
    found bigint;
    sample text;
BEGIN
    SELECT pg_catalog.count(*) INTO found FROM (SELECT * FROM public.teams WHERE id IS DISTINCT FROM (pgphase_id_old)::bigint) AS pgphase_row;
    IF found > 0 THEN
        SELECT pg_catalog.string_agg(named, '; ') INTO sample FROM (
            SELECT (
                SELECT pg_catalog.string_agg(key || ' = ' || coalesce(pg_catalog.left(value, 60), 'null'), ', ')
                FROM pg_catalog.jsonb_each_text(pg_catalog.to_jsonb(pgphase_row))
                WHERE key = ANY (ARRAY[]::text[]) OR key IN (
                    SELECT a.attname FROM pg_catalog.pg_index i
                    JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
                    WHERE i.indrelid = 'public.teams'::pg_catalog.regclass AND i.indisprimary
                )
            ) FROM (SELECT * FROM public.teams WHERE id IS DISTINCT FROM (pgphase_id_old)::bigint) AS pgphase_row LIMIT 3
        ) AS picked (named);
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = found || CASE WHEN found = 1 THEN ' row of public.teams holds a value in id that has no form as integer' ELSE ' rows of public.teams hold a value in id that has no form as integer' END,
            DETAIL = coalesce('Among them: ' || sample, 'They have no primary key to name them by.'),
            HINT = 'Correct these rows, then run the phase again.';
    END IF;
END
$$;
ALTER TABLE public.players DROP CONSTRAINT IF EXISTS pgphase_team_back;
ALTER TABLE public.players ADD CONSTRAINT pgphase_team_back CHECK (pgphase_team_old IS NOT NULL) NOT VALID;
ALTER TABLE public.players VALIDATE CONSTRAINT pgphase_team_back;
ALTER TABLE public.teams DROP CONSTRAINT IF EXISTS pgphase_id_back;
ALTER TABLE public.teams ADD CONSTRAINT pgphase_id_back CHECK (pgphase_id_old IS NOT NULL) NOT VALID;
ALTER TABLE public.teams VALIDATE CONSTRAINT pgphase_id_back;
-- then, together:
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
LOCK TABLE public.teams, public.players IN ACCESS EXCLUSIVE MODE;
ALTER TABLE public.players DROP CONSTRAINT IF EXISTS pgphase_team_fits;
ALTER TABLE public.teams DROP CONSTRAINT IF EXISTS pgphase_id_fits;
DROP VIEW public.rosters;
DROP TRIGGER pgphase_teams_id_sync_back ON public.teams;
DROP FUNCTION public.pgphase_teams_id_sync_back();
DROP SEQUENCE public.pgphase_teams_id_misfits;
DROP TRIGGER pgphase_players_nick_team_sync_back ON public.players;
DROP FUNCTION public.pgphase_players_nick_team_sync_back();
DROP SEQUENCE public.pgphase_players_nick_team_misfits;
ALTER TABLE public.players RENAME CONSTRAINT players_team_fkey TO pgphase_players_team_fkey_new;
ALTER INDEX public.players_team RENAME TO pgphase_players_team_new;
ALTER TABLE public.players DROP CONSTRAINT IF EXISTS pgphase_players_team_fkey_new;
ALTER TABLE public.teams DROP CONSTRAINT teams_pkey;
ALTER TABLE public.players DROP CONSTRAINT players_nick_key;
CREATE SEQUENCE public.pgphase_teams_id_count MINVALUE -9223372036854775808 START WITH 1;
DO $$
DECLARE
    stands bigint;
    given boolean;
    ahead boolean;
BEGIN
    EXECUTE pg_catalog.format('SELECT last_value, is_called FROM %s', pg_catalog.pg_get_serial_sequence('public.teams', 'id')::pg_catalog.regclass) INTO stands, given;
    SELECT CASE WHEN seqincrement > 0 THEN stands < seqmin ELSE stands > seqmax END INTO ahead
    FROM pg_catalog.pg_sequence WHERE seqrelid = 'public.pgphase_teams_id_count'::pg_catalog.regclass;
    IF NOT ahead THEN
        PERFORM pg_catalog.setval('public.pgphase_teams_id_count'::pg_catalog.regclass, stands, given);
    END IF;
END
$$;
ALTER TABLE public.teams ALTER COLUMN id DROP IDENTITY;
ALTER TABLE public.teams ADD CONSTRAINT pgphase_id_not_null CHECK (id IS NOT NULL) NOT VALID;
ALTER TABLE public.teams ALTER COLUMN id DROP NOT NULL;
ALTER TABLE public.teams RENAME COLUMN id TO pgphase_id_new;
ALTER TABLE public.players ADD CONSTRAINT pgphase_team_not_null CHECK (team IS NOT NULL) NOT VALID;
ALTER TABLE public.players ALTER COLUMN team DROP NOT NULL;
ALTER TABLE public.players RENAME COLUMN team TO pgphase_team_new;
ALTER TABLE public.teams RENAME COLUMN pgphase_id_old TO id;
ALTER TABLE public.players RENAME COLUMN pgphase_team_old TO team;
ALTER TABLE public.players RENAME COLUMN pgphase_nick_old TO nick;
ALTER INDEX public.pgphase_players_team_old RENAME TO players_team;
ALTER INDEX public.pgphase_players_nick_key_old RENAME TO players_nick_key;
ALTER TABLE public.teams ALTER COLUMN id SET NOT NULL;
ALTER TABLE public.teams DROP CONSTRAINT IF EXISTS pgphase_id_back;
ALTER TABLE public.teams ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (MAXVALUE 2147483647);
DO $$
DECLARE
    stands bigint;
    given boolean;
    ahead boolean;
BEGIN
    EXECUTE pg_catalog.format('SELECT last_value, is_called FROM %s', 'public.pgphase_teams_id_count'::pg_catalog.regclass) INTO stands, given;
    SELECT CASE WHEN seqincrement > 0 THEN stands < seqmin ELSE stands > seqmax END INTO ahead
    FROM pg_catalog.pg_sequence WHERE seqrelid = pg_catalog.pg_get_serial_sequence('public.teams', 'id')::pg_catalog.regclass;
    IF NOT ahead THEN
        PERFORM pg_catalog.setval(pg_catalog.pg_get_serial_sequence('public.teams', 'id')::pg_catalog.regclass, stands, given);
    END IF;
END
$$;
DROP SEQUENCE IF EXISTS public.pgphase_teams_id_count;
ALTER TABLE public.players ALTER COLUMN team SET NOT NULL;
ALTER TABLE public.players DROP CONSTRAINT IF EXISTS pgphase_team_back;
ALTER TABLE public.teams ADD CONSTRAINT teams_pkey PRIMARY KEY USING INDEX pgphase_teams_pkey_spare;
ALTER TABLE public.players ADD CONSTRAINT players_team_fkey FOREIGN KEY (team) REFERENCES public.teams (id) NOT VALID;
CREATE FUNCTION public.pgphase_teams_id_sync()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
#variable_conflict use_column
BEGIN
    NEW.pgphase_id_new := NEW.id;
    RETURN NEW;
END
$$;
CREATE TRIGGER pgphase_teams_id_sync
    BEFORE INSERT OR UPDATE ON public.teams
    FOR EACH ROW
    EXECUTE FUNCTION public.pgphase_teams_id_sync();
ALTER TABLE public.teams ENABLE ALWAYS TRIGGER pgphase_teams_id_sync;
CREATE SEQUENCE public.pgphase_players_nick_team_old;
GRANT SELECT, UPDATE ON SEQUENCE public.pgphase_players_nick_team_old TO PUBLIC;
CREATE FUNCTION public.pgphase_players_nick_team_sync()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    pgphase_old boolean := false;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.nickname IS NOT NULL THEN
            NEW.nick := NEW.nickname;
        ELSE
            NEW.nickname := NEW.nick;
            pgphase_old := pgphase_old OR NEW.nick IS NOT NULL;
        END IF;
        NEW.pgphase_team_new := NEW.team;
    ELSE
        IF ROW(NEW.nick)::record OPERATOR(pg_catalog.*<>) ROW(OLD.nick)::record THEN
            NEW.nickname := NEW.nick;
            pgphase_old := true;
        ELSIF ROW(NEW.nickname)::record OPERATOR(pg_catalog.*<>) ROW(OLD.nickname)::record THEN
            NEW.nick := NEW.nickname;
        ELSIF NEW.nickname IS NULL THEN
            NEW.nickname := NEW.nick;
        END IF;
        NEW.pgphase_team_new := NEW.team;
    END IF;
    IF pgphase_old THEN
        IF has_schema_privilege('public', 'USAGE') THEN
            IF coalesce(pg_sequence_last_value('public.pgphase_players_nick_team_old'::regclass), 0) < floor(date_part('epoch', clock_timestamp()))::bigint THEN
                PERFORM setval('public.pgphase_players_nick_team_old'::regclass, floor(date_part('epoch', clock_timestamp()))::bigint);
            END IF;
        END IF;
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER pgphase_players_nick_team_sync
    BEFORE INSERT OR UPDATE ON public.players
    FOR EACH ROW
    EXECUTE FUNCTION public.pgphase_players_nick_team_sync();
ALTER TABLE public.players ENABLE ALWAYS TRIGGER pgphase_players_nick_team_sync;
CREATE VIEW public.rosters AS
 SELECT t.name,
    p.nick
   FROM (public.teams t
     JOIN public.players p ON ((p.team = t.id)));
ALTER VIEW public.rosters OWNER TO postgres;
COMMIT;

-- undo contract-5: check that no rows of public.teams hold another value in pgphase_id_new than in id
SET lock_timeout = '5s';
SET search_path = DEFAULT;
ALTER TABLE public.players VALIDATE CONSTRAINT players_team_fkey;
ALTER TABLE public.players VALIDATE CONSTRAINT pgphase_team_not_null;
ALTER TABLE public.teams VALIDATE CONSTRAINT pgphase_id_not_null;

-- nothing to undo for contract-4: check that no rows of public.players hold another value in pgphase_team_new than in team

-- nothing to undo for contract-3: check that no rows of public.players hold another value in nickname than in nick

-- undo contract-2: create index public.pgphase_players_nick_key_key concurrently
SET lock_timeout = 0;
SET search_path = public;
DROP INDEX CONCURRENTLY IF EXISTS public.pgphase_players_nick_key_key;

-- undo contract-1: create index public.pgphase_teams_pkey_spare concurrently
SET lock_timeout = 0;
SET search_path = public;
DROP INDEX CONCURRENTLY IF EXISTS public.pgphase_teams_pkey_spare;

-- nothing to undo for validate-20: validate constraint public.teams.pgphase_id_not_null

-- undo validate-19: add constraint public.teams.pgphase_id_not_null
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.teams DROP CONSTRAINT pgphase_id_not_null;
COMMIT;

-- nothing to undo for validate-18: check that no rows of public.teams hold a null in pgphase_id_new

-- nothing to undo for validate-17: validate constraint public.players.pgphase_team_not_null

-- undo validate-16: add constraint public.players.pgphase_team_not_null
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.players DROP CONSTRAINT pgphase_team_not_null;
COMMIT;

-- nothing to undo for validate-15: check that no rows of public.players hold a null in pgphase_team_new

-- nothing to undo for validate-14: validate constraint public.players.pgphase_players_team_fkey_new

-- undo validate-13: add constraint public.players.pgphase_players_team_fkey_new
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.players DROP CONSTRAINT IF EXISTS pgphase_players_team_fkey_new;
COMMIT;

-- undo validate-12: create index public.pgphase_players_team_new concurrently
SET lock_timeout = 0;
SET search_path = public;
DROP INDEX CONCURRENTLY IF EXISTS public.pgphase_players_team_new;

-- undo validate-11: create index public.pgphase_teams_pkey_new concurrently
SET lock_timeout = 0;
SET search_path = public;
DROP INDEX CONCURRENTLY IF EXISTS public.pgphase_teams_pkey_new;

-- undo validate-10: create index public.pgphase_players_nick_key_new concurrently
SET lock_timeout = 0;
SET search_path = public;
DROP INDEX CONCURRENTLY IF EXISTS public.pgphase_players_nick_key_new;

-- nothing to undo for validate-9: validate constraint public.teams.pgphase_id_copied

-- undo validate-8: add constraint public.teams.pgphase_id_copied
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.teams DROP CONSTRAINT pgphase_id_copied;
COMMIT;

-- nothing to undo for validate-7: check that no rows of public.teams hold another value in pgphase_id_new than in id

-- nothing to undo for validate-6: validate constraint public.players.pgphase_team_copied

-- undo validate-5: add constraint public.players.pgphase_team_copied
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.players DROP CONSTRAINT pgphase_team_copied;
COMMIT;

-- nothing to undo for validate-4: check that no rows of public.players hold another value in pgphase_team_new than in team

-- nothing to undo for validate-3: validate constraint public.players.pgphase_nick_copied

-- undo validate-2: add constraint public.players.pgphase_nick_copied
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.players DROP CONSTRAINT pgphase_nick_copied;
COMMIT;

-- nothing to undo for validate-1: check that no rows of public.players hold another value in nickname than in nick

-- nothing to undo for backfill-3: backfill public.teams (pgphase_id_new)

-- nothing to undo for backfill-2: backfill public.players (pgphase_team_new)

-- nothing to undo for backfill-1: backfill public.players (nickname)

-- undo expand-2: add column public.teams.pgphase_id_new; create function public.pgphase_teams_id_sync(); create trigger public.teams.pgphase_teams_id_sync
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
DROP TRIGGER pgphase_teams_id_sync ON public.teams;
DROP FUNCTION public.pgphase_teams_id_sync();
ALTER TABLE public.teams DROP COLUMN pgphase_id_new;
COMMIT;

-- undo expand-1: add column public.players.nickname; add column public.players.pgphase_team_new; 3 more changes
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
DROP TRIGGER pgphase_players_nick_team_sync ON public.players;
DROP FUNCTION public.pgphase_players_nick_team_sync();
DROP SEQUENCE public.pgphase_players_nick_team_old;
ALTER TABLE public.players DROP COLUMN pgphase_team_new;
ALTER TABLE public.players DROP COLUMN nickname;
COMMIT;
