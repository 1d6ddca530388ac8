-- Plan forward, phase 3 of 4: validate, for PostgreSQL 15.
-- Runs with: pgphase apply . --phase validate; or with: psql -X -f 3-validate.sql
-- Checksums of the steps are in plan.yaml: change the schema files and plan again rather than this file.

\set ON_ERROR_STOP on
SET client_min_messages = warning;
SET statement_timeout = 0;
SET idle_in_transaction_session_timeout = '60s';
SET standard_conforming_strings = on;
SET check_function_bodies = off;
SET default_transaction_isolation = 'read committed';
SET row_security = off;

-- step validate-1 [2bc61047fab8]: check that no rows of public.players hold another value in nickname than in nick
--   number:      1 of 20 in this phase
--   why:         Asked before any lock is taken.
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

-- step validate-2 [504de682b88a]: add constraint public.players.pgphase_nick_copied
--   number:      2 of 20 in this phase
--   why:         The proof that every row is copied.
--   locks:       ACCESS EXCLUSIVE on public.players (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.players ADD CONSTRAINT pgphase_nick_copied CHECK (nickname IS NOT NULL OR nick IS NULL) NOT VALID;
COMMIT;

-- step validate-3 [5885863962df]: validate constraint public.players.pgphase_nick_copied
--   number:      3 of 20 in this phase
--   why:         Apart from ADD, so that reads and writes go on while existing rows are checked.
--   locks:       SHARE UPDATE EXCLUSIVE on public.players (reads and writes go on)
--   duration:    grows with the table: reads all of public.players
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '10s';
SET LOCAL search_path = DEFAULT;
ALTER TABLE public.players VALIDATE CONSTRAINT pgphase_nick_copied;
COMMIT;

-- step validate-4 [6d09e200bb83]: check that no rows of public.players hold another value in pgphase_team_new than in team
--   number:      4 of 20 in this phase
--   why:         Asked before any lock is taken.
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

-- step validate-5 [013c6c412bcf]: add constraint public.players.pgphase_team_copied
--   number:      5 of 20 in this phase
--   why:         The proof that every row is copied.
--   locks:       ACCESS EXCLUSIVE on public.players (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.players ADD CONSTRAINT pgphase_team_copied CHECK (pgphase_team_new IS NOT NULL OR team IS NULL) NOT VALID;
COMMIT;

-- step validate-6 [e7d16d4fce1e]: validate constraint public.players.pgphase_team_copied
--   number:      6 of 20 in this phase
--   why:         Apart from ADD, so that reads and writes go on while existing rows are checked.
--   locks:       SHARE UPDATE EXCLUSIVE on public.players (reads and writes go on)
--   duration:    grows with the table: reads all of public.players
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '10s';
SET LOCAL search_path = DEFAULT;
ALTER TABLE public.players VALIDATE CONSTRAINT pgphase_team_copied;
COMMIT;

-- step validate-7 [1aa29c9451f0]: check that no rows of public.teams hold another value in pgphase_id_new than in id
--   number:      7 of 20 in this phase
--   why:         Asked before any lock is taken.
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

-- step validate-8 [a7afedc6be25]: add constraint public.teams.pgphase_id_copied
--   number:      8 of 20 in this phase
--   why:         The proof that every row is copied.
--   locks:       ACCESS EXCLUSIVE on public.teams (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.teams ADD CONSTRAINT pgphase_id_copied CHECK (pgphase_id_new IS NOT NULL OR id IS NULL) NOT VALID;
COMMIT;

-- step validate-9 [b2db0cf26548]: validate constraint public.teams.pgphase_id_copied
--   number:      9 of 20 in this phase
--   why:         Apart from ADD, so that reads and writes go on while existing rows are checked.
--   locks:       SHARE UPDATE EXCLUSIVE on public.teams (reads and writes go on)
--   duration:    grows with the table: reads all of public.teams
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '10s';
SET LOCAL search_path = DEFAULT;
ALTER TABLE public.teams VALIDATE CONSTRAINT pgphase_id_copied;
COMMIT;

-- step validate-10 [bcc3dc723c82]: create index public.pgphase_players_nick_key_new concurrently
--   number:      10 of 20 in this phase
--   why:         Reads and writes go on while it is built.
--   locks:       SHARE UPDATE EXCLUSIVE on public.players (reads and writes go on)
--   duration:    grows with the table: reads all of public.players, builds an index on public.players
--   transaction: none: PostgreSQL does not allow one here
SET lock_timeout = 0;
SET search_path = public;
CREATE UNIQUE INDEX CONCURRENTLY pgphase_players_nick_key_new ON public.players USING btree (nickname);

-- step validate-11 [4aa1644f32a0]: create index public.pgphase_teams_pkey_new concurrently
--   number:      11 of 20 in this phase
--   why:         Reads and writes go on while it is built.
--   locks:       SHARE UPDATE EXCLUSIVE on public.teams (reads and writes go on)
--   duration:    grows with the table: reads all of public.teams, builds an index on public.teams
--   transaction: none: PostgreSQL does not allow one here
SET lock_timeout = 0;
SET search_path = public;
CREATE UNIQUE INDEX CONCURRENTLY pgphase_teams_pkey_new ON public.teams USING btree (pgphase_id_new);

-- step validate-12 [c9f60dadcc2d]: create index public.pgphase_players_team_new concurrently
--   number:      12 of 20 in this phase
--   why:         Reads and writes go on while it is built.
--   locks:       SHARE UPDATE EXCLUSIVE on public.players (reads and writes go on)
--   duration:    grows with the table: reads all of public.players, builds an index on public.players
--   transaction: none: PostgreSQL does not allow one here
SET lock_timeout = 0;
SET search_path = public;
CREATE INDEX CONCURRENTLY pgphase_players_team_new ON public.players USING btree (pgphase_team_new);

-- step validate-13 [aeb2747814fd]: add constraint public.players.pgphase_players_team_fkey_new
--   number:      13 of 20 in this phase
--   why:         The twin's own; it takes the name of the old one in the end.
--   locks:       SHARE ROW EXCLUSIVE on public.teams (writes wait), SHARE ROW EXCLUSIVE on public.players (writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
LOCK TABLE public.teams, public.players IN SHARE ROW EXCLUSIVE MODE;
ALTER TABLE public.players ADD CONSTRAINT pgphase_players_team_fkey_new FOREIGN KEY (pgphase_team_new) REFERENCES public.teams (pgphase_id_new) NOT VALID;
COMMIT;

-- step validate-14 [4e1e943117bc]: validate constraint public.players.pgphase_players_team_fkey_new
--   number:      14 of 20 in this phase
--   why:         Apart from ADD, so that reads and writes go on while existing rows are checked.
--   locks:       SHARE UPDATE EXCLUSIVE on public.players (reads and writes go on), ROW SHARE on public.teams (reads and writes go on)
--   duration:    grows with the table: reads all of public.players, public.teams
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '10s';
SET LOCAL search_path = DEFAULT;
ALTER TABLE public.players VALIDATE CONSTRAINT pgphase_players_team_fkey_new;
COMMIT;

-- step validate-15 [1f284b246769]: check that no rows of public.players hold a null in pgphase_team_new
--   number:      15 of 20 in this phase
--   why:         Asked before any lock is taken.
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
    SELECT pg_catalog.count(*) INTO found FROM (SELECT * FROM public.players WHERE pgphase_team_new IS NULL) AS pgphase_row;
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
            ) FROM (SELECT * FROM public.players WHERE pgphase_team_new IS NULL) AS pgphase_row LIMIT 3
        ) AS picked (named);
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = found || CASE WHEN found = 1 THEN ' row of public.players holds a null in pgphase_team_new' ELSE ' rows of public.players hold a null in pgphase_team_new' END,
            DETAIL = coalesce('Among them: ' || sample, 'They have no primary key to name them by.'),
            HINT = 'Correct these rows, then run the phase again.';
    END IF;
END
$$;

-- step validate-16 [95c022c94afd]: add constraint public.players.pgphase_team_not_null
--   number:      16 of 20 in this phase
--   why:         It proves later that no row holds a null.
--   locks:       ACCESS EXCLUSIVE on public.players (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.players ADD CONSTRAINT pgphase_team_not_null CHECK (pgphase_team_new IS NOT NULL) NOT VALID;
COMMIT;

-- step validate-17 [d2792f70fb06]: validate constraint public.players.pgphase_team_not_null
--   number:      17 of 20 in this phase
--   why:         Apart from ADD, so that reads and writes go on while existing rows are checked.
--   locks:       SHARE UPDATE EXCLUSIVE on public.players (reads and writes go on)
--   duration:    grows with the table: reads all of public.players
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '10s';
SET LOCAL search_path = DEFAULT;
ALTER TABLE public.players VALIDATE CONSTRAINT pgphase_team_not_null;
COMMIT;

-- step validate-18 [d3bcb2524725]: check that no rows of public.teams hold a null in pgphase_id_new
--   number:      18 of 20 in this phase
--   why:         Asked before any lock is taken.
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
    SELECT pg_catalog.count(*) INTO found FROM (SELECT * FROM public.teams WHERE pgphase_id_new IS NULL) AS pgphase_row;
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
            ) FROM (SELECT * FROM public.teams WHERE pgphase_id_new IS NULL) AS pgphase_row LIMIT 3
        ) AS picked (named);
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = found || CASE WHEN found = 1 THEN ' row of public.teams holds a null in pgphase_id_new' ELSE ' rows of public.teams hold a null in pgphase_id_new' END,
            DETAIL = coalesce('Among them: ' || sample, 'They have no primary key to name them by.'),
            HINT = 'Correct these rows, then run the phase again.';
    END IF;
END
$$;

-- step validate-19 [3b2d719d8600]: add constraint public.teams.pgphase_id_not_null
--   number:      19 of 20 in this phase
--   why:         It proves later that no row holds a null.
--   locks:       ACCESS EXCLUSIVE on public.teams (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.teams ADD CONSTRAINT pgphase_id_not_null CHECK (pgphase_id_new IS NOT NULL) NOT VALID;
COMMIT;

-- step validate-20 [91f86112f227]: validate constraint public.teams.pgphase_id_not_null
--   number:      20 of 20 in this phase
--   why:         Apart from ADD, so that reads and writes go on while existing rows are checked.
--   locks:       SHARE UPDATE EXCLUSIVE on public.teams (reads and writes go on)
--   duration:    grows with the table: reads all of public.teams
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '10s';
SET LOCAL search_path = DEFAULT;
ALTER TABLE public.teams VALIDATE CONSTRAINT pgphase_id_not_null;
COMMIT;
