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

-- undo contract-4: drop table public.dropped
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
CREATE FOREIGN TABLE public.dropped (
    id integer
) SERVER s;
ALTER TABLE public.dropped OWNER TO postgres;
COMMIT;

-- undo contract-3: drop column public.f.gone
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.f ADD COLUMN gone text;
COMMIT;

-- undo contract-2: change type of column public.f.id to bigint; alter column public.f.id
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.f ALTER COLUMN id OPTIONS (DROP e, SET c 'a', ADD d 'b');
ALTER TABLE public.f ALTER COLUMN id TYPE integer;
COMMIT;

-- undo contract-1: drop table public.moved; create table public.moved; add column public.moved.id
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
DROP FOREIGN TABLE public.moved;
CREATE FOREIGN TABLE public.moved (
    id integer
) SERVER s;
ALTER TABLE public.moved OWNER TO postgres;
COMMIT;

-- undo expand-6: comment on table public.f
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
COMMENT ON FOREIGN TABLE public.f IS 'one';
COMMIT;

-- undo expand-5: set default of column public.f.t
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
ALTER TABLE public.f ALTER COLUMN t DROP DEFAULT;
COMMIT;

-- undo expand-4: set column public.f.n not null
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.f ALTER COLUMN n DROP NOT NULL;
COMMIT;

-- undo expand-3: set the options of table public.f
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER FOREIGN TABLE public.f OPTIONS (SET y '2', ADD x '1');
COMMIT;

-- undo expand-2: add constraint public.f.c
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
ALTER TABLE public.f DROP CONSTRAINT c;
COMMIT;

-- undo expand-1: add column public.f.added
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
ALTER TABLE public.f DROP COLUMN added;
COMMIT;
