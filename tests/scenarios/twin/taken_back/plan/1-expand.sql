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

-- step expand-1 [ab4994424d1f]: add column public.players.nickname; add column public.players.pgphase_team_new; 3 more changes
--   number:      1 of 2 in this phase
--   why:         The trigger gives the twin what is written to the column.
--   locks:       ACCESS EXCLUSIVE on public.players (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
ALTER TABLE public.players ADD COLUMN nickname text;
ALTER TABLE public.players ADD COLUMN pgphase_team_new bigint;
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
COMMIT;

-- step expand-2 [08d5b45b1182]: add column public.teams.pgphase_id_new; create function public.pgphase_teams_id_sync(); create trigger public.teams.pgphase_teams_id_sync
--   number:      2 of 2 in this phase
--   why:         The trigger gives the twin what is written to the column.
--   locks:       ACCESS EXCLUSIVE on public.teams (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
ALTER TABLE public.teams ADD COLUMN pgphase_id_new bigint;
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
COMMIT;
