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

-- cannot undo contract-1: drop view public.rosters; drop trigger public.players.pgphase_players_nick_team_sync; 24 more changes: sequence public.pgphase_teams_id_count would not come back as it was

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
ALTER TABLE public.players DROP CONSTRAINT pgphase_players_team_fkey_new;
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
