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

-- step validate-1 [f18d413f2977]: check that no rows of public.users differ from public.profiles
--   number:      1 of 6 in this phase
--   why:         Asked before any lock is taken.
--   locks:       ACCESS SHARE on public.users (reads and writes go on)
--   duration:    grows with the table: reads all of public.users
--   transaction: none needed: it only reads
SET lock_timeout = '5s';
SET search_path = DEFAULT;
DO $$
#variable_conflict use_column
DECLARE
    found bigint;
    sample text;
BEGIN
    SELECT pg_catalog.count(*) INTO found FROM (SELECT pgphase_here.id FROM public.users AS pgphase_here LEFT JOIN public.profiles AS pgphase_there ON pgphase_there.user_id = pgphase_here.id WHERE CASE WHEN pgphase_there.user_id IS NULL THEN pgphase_here.bio IS DISTINCT FROM NULL ELSE ROW(pgphase_here.bio)::record OPERATOR(pg_catalog.*<>) ROW(pgphase_there.bio)::record END) AS pgphase_row;
    IF found > 0 THEN
        SELECT pg_catalog.string_agg(named, '; ') INTO sample FROM (
            SELECT (
                SELECT pg_catalog.string_agg(key || ' = ' || coalesce(pg_catalog.left(value, 60), 'null'), ', ')
                FROM pg_catalog.jsonb_each_text(pg_catalog.to_jsonb(pgphase_row))
                WHERE key = ANY (ARRAY['id']::text[]) OR key IN (
                    SELECT a.attname FROM pg_catalog.pg_index i
                    JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
                    WHERE i.indrelid = 'public.users'::pg_catalog.regclass AND i.indisprimary
                )
            ) FROM (SELECT pgphase_here.id FROM public.users AS pgphase_here LEFT JOIN public.profiles AS pgphase_there ON pgphase_there.user_id = pgphase_here.id WHERE CASE WHEN pgphase_there.user_id IS NULL THEN pgphase_here.bio IS DISTINCT FROM NULL ELSE ROW(pgphase_here.bio)::record OPERATOR(pg_catalog.*<>) ROW(pgphase_there.bio)::record END) AS pgphase_row LIMIT 3
        ) AS picked (named);
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = found || CASE WHEN found = 1 THEN ' row of public.users differs from public.profiles' ELSE ' rows of public.users differ from public.profiles' END,
            DETAIL = coalesce('Among them: ' || sample, 'They have no primary key to name them by.'),
            HINT = 'Correct these rows, then run the phase again.';
    END IF;
END
$$;

-- step validate-2 [5c97eda9cece]: check that no rows of public.profiles reference no row of public.users
--   number:      2 of 6 in this phase
--   why:         Asked before any lock is taken.
--   locks:       ACCESS SHARE on public.users (reads and writes go on)
--   duration:    grows with the table: reads all of public.users
--   transaction: none needed: it only reads
SET lock_timeout = '5s';
SET search_path = DEFAULT;
DO $$
#variable_conflict use_column
DECLARE
    found bigint;
    sample text;
BEGIN
    SELECT pg_catalog.count(*) INTO found FROM (SELECT t.* FROM public.profiles t WHERE t.user_id IS NOT NULL AND NOT EXISTS (SELECT FROM public.users r WHERE r.id = t.user_id)) AS pgphase_row;
    IF found > 0 THEN
        SELECT pg_catalog.string_agg(named, '; ') INTO sample FROM (
            SELECT (
                SELECT pg_catalog.string_agg(key || ' = ' || coalesce(pg_catalog.left(value, 60), 'null'), ', ')
                FROM pg_catalog.jsonb_each_text(pg_catalog.to_jsonb(pgphase_row))
                WHERE key = ANY (ARRAY['user_id']::text[]) OR key IN (
                    SELECT a.attname FROM pg_catalog.pg_index i
                    JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
                    WHERE i.indrelid = 'public.profiles'::pg_catalog.regclass AND i.indisprimary
                )
            ) FROM (SELECT t.* FROM public.profiles t WHERE t.user_id IS NOT NULL AND NOT EXISTS (SELECT FROM public.users r WHERE r.id = t.user_id)) AS pgphase_row LIMIT 3
        ) AS picked (named);
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = found || CASE WHEN found = 1 THEN ' row of public.profiles references no row of public.users' ELSE ' rows of public.profiles reference no row of public.users' END,
            DETAIL = coalesce('Among them: ' || sample, 'They have no primary key to name them by.'),
            HINT = 'Correct these rows, then run the phase again.';
    END IF;
END
$$;

-- step validate-3 [ca900f0df77e]: replace view public.named
--   number:      3 of 6 in this phase
--   locks:       ACCESS EXCLUSIVE on public.named (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
CREATE OR REPLACE VIEW public.named AS
SELECT id, name FROM users WHERE NOT EXISTS (SELECT FROM profiles WHERE user_id = id AND bio = 'hidden');
COMMIT;

-- step validate-4 [868dc9c1b0e7]: replace view public.sayings
--   number:      4 of 6 in this phase
--   locks:       ACCESS EXCLUSIVE on public.sayings (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
CREATE OR REPLACE VIEW public.sayings AS
SELECT user_id AS id, bio FROM profiles WHERE bio IS NOT NULL;
COMMIT;

-- step validate-5 [264104c318f2]: replace function public.bio_of(bigint)
--   number:      5 of 6 in this phase
--   locks:       none on existing tables
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
CREATE OR REPLACE FUNCTION public.bio_of(who bigint)
    RETURNS text
    LANGUAGE sql
    STABLE
    AS $$SELECT bio FROM public.profiles WHERE user_id = who$$;
COMMIT;

-- step validate-6 [ea505ade5e11]: replace function public.said(bigint)
--   number:      6 of 6 in this phase
--   locks:       none on existing tables
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
CREATE OR REPLACE FUNCTION public.said(who bigint)
    RETURNS text
    LANGUAGE plpgsql
    STABLE
    AS $$BEGIN RETURN (SELECT bio FROM public.profiles WHERE user_id = who); END$$;
COMMIT;
