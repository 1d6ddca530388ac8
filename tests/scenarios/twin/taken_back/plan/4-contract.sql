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

-- step contract-1 [93d6c459921f]: drop view public.rosters; drop trigger public.players.pgphase_players_nick_team_sync; 24 more changes
--   number:      1 of 1 in this phase
--   why:         In one transaction, so that every application sees either the old state or the new one.
--   locks:       ACCESS EXCLUSIVE on public.teams (reads and writes wait), ACCESS EXCLUSIVE on public.players (reads and writes wait), ACCESS EXCLUSIVE on public.rosters (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
--   hazard:      breaks-old-application:view public.rosters: The columns of public.rosters change, and reads of it wait for a moment.
--   hazard:      data-loss:column public.players.nick: The column nick goes for good; nickname holds the same values, and stands last among the columns.
--   hazard:      data-loss:column public.players.team: The values of team as integer go for good; from here on they are bigint, and the column stands last. Prepared statements over it fail once.
--   hazard:      data-loss:column public.teams.id: The values of id as integer go for good; from here on they are bigint, and the column stands last. Prepared statements over it fail once.
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
LOCK TABLE public.teams, public.players IN ACCESS EXCLUSIVE MODE;
DROP VIEW public.rosters;
DROP TRIGGER pgphase_players_nick_team_sync ON public.players;
DROP FUNCTION public.pgphase_players_nick_team_sync();
DROP SEQUENCE public.pgphase_players_nick_team_old;
DROP TRIGGER pgphase_teams_id_sync ON public.teams;
DROP FUNCTION public.pgphase_teams_id_sync();
ALTER TABLE public.players DROP CONSTRAINT players_team_fkey;
CREATE SEQUENCE public.pgphase_teams_id_count MINVALUE -9223372036854775808 START WITH 1;
DO $$
DECLARE
    stands bigint;
    given boolean;
BEGIN
    EXECUTE pg_catalog.format('SELECT last_value, is_called FROM %s', pg_catalog.pg_get_serial_sequence('public.teams', 'id')::pg_catalog.regclass) INTO stands, given;
    PERFORM pg_catalog.setval('public.pgphase_teams_id_count'::pg_catalog.regclass, stands, given);
END
$$;
ALTER TABLE public.players DROP COLUMN nick;
ALTER TABLE public.players DROP COLUMN team;
ALTER TABLE public.teams DROP COLUMN id;
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
BEGIN
    EXECUTE pg_catalog.format('SELECT last_value, is_called FROM %s', 'public.pgphase_teams_id_count'::pg_catalog.regclass) INTO stands, given;
    PERFORM pg_catalog.setval(pg_catalog.pg_get_serial_sequence('public.teams', 'id')::pg_catalog.regclass, stands, given);
END
$$;
DROP SEQUENCE public.pgphase_teams_id_count;
ALTER TABLE public.players ADD CONSTRAINT players_nick_key UNIQUE USING INDEX pgphase_players_nick_key_new;
ALTER TABLE public.teams ADD CONSTRAINT teams_pkey PRIMARY KEY USING INDEX pgphase_teams_pkey_new;
ALTER INDEX public.pgphase_players_team_new RENAME TO players_team;
ALTER TABLE public.players RENAME CONSTRAINT pgphase_players_team_fkey_new TO players_team_fkey;
CREATE VIEW public.rosters AS
SELECT t.name, p.nickname AS nick FROM teams t JOIN players p ON p.team = t.id;
ALTER VIEW public.rosters OWNER TO postgres;
COMMIT;
