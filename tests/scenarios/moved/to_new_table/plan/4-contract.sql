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

-- step contract-1 [891b91b16e52]: drop trigger public.users.pgphase_users_bio_moved; drop trigger public.users.pgphase_users_bio_emptied; 7 more changes
--   number:      1 of 2 in this phase
--   why:         In one transaction, so that no write is missed by one of the two tables, and none breaks the reference between them.
--   locks:       ACCESS EXCLUSIVE on public.users (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
--   hazard:      old-shape:column public.users.bio: The column bio of public.users goes; public.profiles.bio holds the same values.
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
LOCK TABLE public.users, public.profiles IN ACCESS EXCLUSIVE MODE;
DROP TRIGGER pgphase_users_bio_moved ON public.users;
DROP TRIGGER pgphase_users_bio_emptied ON public.users;
DROP FUNCTION public.pgphase_users_bio_moved();
DROP TRIGGER pgphase_profiles_bio_moved ON public.profiles;
DROP TRIGGER pgphase_profiles_bio_emptied ON public.profiles;
DROP FUNCTION public.pgphase_profiles_bio_moved();
DROP SEQUENCE public.pgphase_users_bio_old;
ALTER TABLE public.users DROP COLUMN bio;
ALTER TABLE public.profiles ADD CONSTRAINT profiles_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users (id) ON DELETE CASCADE NOT VALID;
COMMIT;

-- step contract-2 [01210b2cc9c1]: validate constraint public.profiles.profiles_user_id_fkey
--   number:      2 of 2 in this phase
--   why:         Apart from ADD, so that reads and writes go on while existing rows are checked.
--   locks:       ROW SHARE on public.users (reads and writes go on)
--   duration:    grows with the table: reads all of public.users
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '10s';
SET LOCAL search_path = DEFAULT;
ALTER TABLE public.profiles VALIDATE CONSTRAINT profiles_user_id_fkey;
COMMIT;
