-- Plan forward, phase 4 of 4: contract, for PostgreSQL 15.
-- Runs with: pgphase apply . --phase contract; or with: psql -X -f 4-contract.sql
-- Checksums of the steps are in plan.yaml: change the schema files and plan again rather than this file.

\set ON_ERROR_STOP on
SET client_min_messages = warning;
SET statement_timeout = 0;
SET idle_in_transaction_session_timeout = '60s';
SET standard_conforming_strings = on;
SET check_function_bodies = off;
SET default_transaction_isolation = 'read committed';
SET row_security = off;

-- step contract-1 [d4e053edcf93]: create index public.pgphase_teams_pkey_spare concurrently
--   number:      1 of 7 in this phase
--   why:         The primary key comes back over it if the swap is taken back.
--   locks:       SHARE UPDATE EXCLUSIVE on public.teams (reads and writes go on)
--   duration:    grows with the table: reads all of public.teams, builds an index on public.teams
--   transaction: none: PostgreSQL does not allow one here
SET lock_timeout = 0;
SET search_path = public;
CREATE UNIQUE INDEX CONCURRENTLY pgphase_teams_pkey_spare ON public.teams USING btree (id);

-- step contract-2 [4014552992a6]: create index public.pgphase_players_nick_key_key concurrently
--   number:      2 of 7 in this phase
--   why:         It becomes the key's, so that the one that the new application knows stays if the swap is taken back.
--   locks:       SHARE UPDATE EXCLUSIVE on public.players (reads and writes go on)
--   duration:    grows with the table: reads all of public.players, builds an index on public.players
--   transaction: none: PostgreSQL does not allow one here
SET lock_timeout = 0;
SET search_path = public;
CREATE UNIQUE INDEX CONCURRENTLY pgphase_players_nick_key_key ON public.players USING btree (nickname);

-- step contract-3 [2bc61047fab8]: check that no rows of public.players hold another value in nickname than in nick
--   number:      3 of 7 in this phase
--   why:         Right before the swap both columns must hold the same.
--   locks:       ACCESS SHARE on public.players (reads and writes go on)
--   duration:    grows with the table: reads all of public.players
--   transaction: none needed: it only reads
SET lock_timeout = '5s';
SET search_path = DEFAULT;
DO $$
#variable_conflict use_column
DECLARE
    found bigint;
    sample text;
BEGIN
    SELECT pg_catalog.count(*) INTO found FROM (SELECT * FROM public.players WHERE ROW(nickname)::record OPERATOR(pg_catalog.*<>) ROW((nick)::text)::record) AS pgphase_row;
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
            ) FROM (SELECT * FROM public.players WHERE ROW(nickname)::record OPERATOR(pg_catalog.*<>) ROW((nick)::text)::record) AS pgphase_row LIMIT 3
        ) AS picked (named);
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = found || CASE WHEN found = 1 THEN ' row of public.players holds another value in nickname than in nick' ELSE ' rows of public.players hold another value in nickname than in nick' END,
            DETAIL = coalesce('Among them: ' || sample, 'They have no primary key to name them by.'),
            HINT = 'Correct these rows, then run the phase again.';
    END IF;
END
$$;

-- step contract-4 [6d09e200bb83]: check that no rows of public.players hold another value in pgphase_team_new than in team
--   number:      4 of 7 in this phase
--   why:         Right before the swap both columns must hold the same.
--   locks:       ACCESS SHARE on public.players (reads and writes go on)
--   duration:    grows with the table: reads all of public.players
--   transaction: none needed: it only reads
SET lock_timeout = '5s';
SET search_path = DEFAULT;
DO $$
#variable_conflict use_column
DECLARE
    found bigint;
    sample text;
BEGIN
    SELECT pg_catalog.count(*) INTO found FROM (SELECT * FROM public.players WHERE ROW(pgphase_team_new)::record OPERATOR(pg_catalog.*<>) ROW((team)::bigint)::record) AS pgphase_row;
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
            ) FROM (SELECT * FROM public.players WHERE ROW(pgphase_team_new)::record OPERATOR(pg_catalog.*<>) ROW((team)::bigint)::record) AS pgphase_row LIMIT 3
        ) AS picked (named);
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = found || CASE WHEN found = 1 THEN ' row of public.players holds another value in pgphase_team_new than in team' ELSE ' rows of public.players hold another value in pgphase_team_new than in team' END,
            DETAIL = coalesce('Among them: ' || sample, 'They have no primary key to name them by.'),
            HINT = 'Correct these rows, then run the phase again.';
    END IF;
END
$$;

-- step contract-5 [1aa29c9451f0]: check that no rows of public.teams hold another value in pgphase_id_new than in id
--   number:      5 of 7 in this phase
--   why:         Right before the swap both columns must hold the same.
--   locks:       ACCESS SHARE on public.teams (reads and writes go on)
--   duration:    grows with the table: reads all of public.teams
--   transaction: none needed: it only reads
SET lock_timeout = '5s';
SET search_path = DEFAULT;
DO $$
#variable_conflict use_column
DECLARE
    found bigint;
    sample text;
BEGIN
    SELECT pg_catalog.count(*) INTO found FROM (SELECT * FROM public.teams WHERE ROW(pgphase_id_new)::record OPERATOR(pg_catalog.*<>) ROW((id)::bigint)::record) AS pgphase_row;
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
            ) FROM (SELECT * FROM public.teams WHERE ROW(pgphase_id_new)::record OPERATOR(pg_catalog.*<>) ROW((id)::bigint)::record) AS pgphase_row LIMIT 3
        ) AS picked (named);
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = found || CASE WHEN found = 1 THEN ' row of public.teams holds another value in pgphase_id_new than in id' ELSE ' rows of public.teams hold another value in pgphase_id_new than in id' END,
            DETAIL = coalesce('Among them: ' || sample, 'They have no primary key to name them by.'),
            HINT = 'Correct these rows, then run the phase again.';
    END IF;
END
$$;

-- step contract-6 [1c0ff0b461d2]: drop view public.rosters; drop trigger public.players.pgphase_players_nick_team_sync; 36 more changes
--   number:      6 of 7 in this phase
--   why:         In one transaction, so that every application sees either the old state or the new one. The old columns stay, and follow the new ones.
--   locks:       ACCESS EXCLUSIVE on public.rosters (reads and writes wait), ACCESS EXCLUSIVE on public.teams (reads and writes wait), ACCESS EXCLUSIVE on public.players (reads and writes wait), SHARE UPDATE EXCLUSIVE on public.players_nick_key (reads and writes go on), SHARE UPDATE EXCLUSIVE on public.players_team (reads and writes go on)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
--   hazard:      breaks-old-application:view public.rosters: public.rosters is made anew; its columns stay, and reads of it wait for a moment.
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
DROP VIEW public.rosters;
LOCK TABLE public.teams, public.players IN ACCESS EXCLUSIVE MODE;
DROP TRIGGER pgphase_players_nick_team_sync ON public.players;
DROP FUNCTION public.pgphase_players_nick_team_sync();
DROP SEQUENCE public.pgphase_players_nick_team_old;
DROP TRIGGER pgphase_teams_id_sync ON public.teams;
DROP FUNCTION public.pgphase_teams_id_sync();
ALTER TABLE public.players DROP CONSTRAINT players_team_fkey;
ALTER TABLE public.teams DROP CONSTRAINT teams_pkey;
ALTER TABLE public.players ALTER COLUMN team DROP NOT NULL;
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
ALTER TABLE public.teams ALTER COLUMN id DROP NOT NULL;
ALTER INDEX public.players_nick_key RENAME TO pgphase_players_nick_key_old;
ALTER INDEX public.players_team RENAME TO pgphase_players_team_old;
ALTER TABLE public.players RENAME COLUMN nick TO pgphase_nick_old;
ALTER TABLE public.players RENAME COLUMN team TO pgphase_team_old;
ALTER TABLE public.teams RENAME COLUMN id TO pgphase_id_old;
ALTER TABLE public.players RENAME COLUMN pgphase_team_new TO team;
ALTER TABLE public.players ALTER COLUMN team SET NOT NULL;
ALTER TABLE public.players DROP CONSTRAINT pgphase_team_not_null;
ALTER TABLE public.teams RENAME COLUMN pgphase_id_new TO id;
ALTER TABLE public.teams ALTER COLUMN id SET NOT NULL;
ALTER TABLE public.teams DROP CONSTRAINT pgphase_id_not_null;
ALTER TABLE public.teams ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (MAXVALUE 9223372036854775807);
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
DROP SEQUENCE public.pgphase_teams_id_count;
ALTER TABLE public.players ADD CONSTRAINT players_nick_key UNIQUE USING INDEX pgphase_players_nick_key_key;
ALTER TABLE public.teams ADD CONSTRAINT teams_pkey PRIMARY KEY USING INDEX pgphase_teams_pkey_new;
ALTER INDEX public.pgphase_players_team_new RENAME TO players_team;
ALTER TABLE public.players RENAME CONSTRAINT pgphase_players_team_fkey_new TO players_team_fkey;
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
CREATE VIEW public.rosters AS
SELECT t.name, p.nickname AS nick FROM teams t JOIN players p ON p.team = t.id;
ALTER VIEW public.rosters OWNER TO postgres;
COMMIT;

-- step contract-7 [0f461ca029af]: drop trigger public.players.pgphase_players_nick_team_sync_back; drop function public.pgphase_players_nick_team_sync_back(); 8 more changes
--   number:      7 of 7 in this phase
--   why:         When the cool-down is over there is no way back.
--   locks:       ACCESS EXCLUSIVE on public.players (reads and writes wait), ACCESS EXCLUSIVE on public.teams (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
--   hazard:      old-shape:column public.players.pgphase_nick_old: The column public.players.nick goes; the same values are in column public.players.nickname, which stands last among the columns.
--   hazard:      old-shape:column public.players.pgphase_team_old: The column public.players.team as integer goes; with the same values it is bigint from here on, and stands last among the columns. Prepared statements over it fail once.
--   hazard:      old-shape:column public.teams.pgphase_id_old: The column public.teams.id as integer goes; with the same values it is bigint from here on, and stands last among the columns. Prepared statements over it fail once.
\echo 'The cool-down begins: what is left of this file is for 24h later.'
\quit
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
DROP TRIGGER pgphase_players_nick_team_sync_back ON public.players;
DROP FUNCTION public.pgphase_players_nick_team_sync_back();
DROP SEQUENCE public.pgphase_players_nick_team_misfits;
DROP TRIGGER pgphase_teams_id_sync_back ON public.teams;
DROP FUNCTION public.pgphase_teams_id_sync_back();
DROP SEQUENCE public.pgphase_teams_id_misfits;
ALTER TABLE public.players DROP COLUMN pgphase_nick_old;
ALTER TABLE public.players DROP COLUMN pgphase_team_old;
ALTER TABLE public.teams DROP COLUMN pgphase_id_old;
DROP INDEX public.pgphase_players_nick_key_new;
COMMIT;
