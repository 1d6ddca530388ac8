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

-- undo contract-1: drop function public.swapped(public.pair); drop view public.firsts; 14 more changes
-- without what was lost: every value of public.t.x; every value of public.t.y
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
DROP FUNCTION public.swapped(public.pair);
DROP VIEW public.firsts;
ALTER TABLE public.t RENAME CONSTRAINT t_x_check TO pgphase_t_x_check_new;
ALTER TABLE public.t ALTER COLUMN y DROP DEFAULT;
ALTER TABLE public.t RENAME COLUMN y TO pgphase_y_new;
ALTER TABLE public.t ADD CONSTRAINT pgphase_x_not_null CHECK (x IS DISTINCT FROM NULL);
ALTER TABLE public.t ALTER COLUMN x DROP NOT NULL;
ALTER TABLE public.t RENAME COLUMN x TO pgphase_x_new;
COMMENT ON COLUMN public.pair.a IS NULL;
COMMENT ON TYPE public.pair IS NULL;
ALTER TYPE public.pair RENAME TO pgphase_pair_new;
CREATE TYPE public.pair AS (
    a integer,
    b text
);
COMMENT ON COLUMN public.pair.a IS 'the first';
COMMENT ON TYPE public.pair IS 'two at once';
ALTER TYPE public.pair OWNER TO postgres;
ALTER TABLE public.t ADD COLUMN y public.pair DEFAULT ROW(1, 'one'::text)::public.pair;
ALTER TABLE public.t ADD CONSTRAINT pgphase_y_copied CHECK (pgphase_y_new IS DISTINCT FROM NULL OR (CASE WHEN y IS NOT DISTINCT FROM NULL THEN NULL ELSE (ROW((y).a::bigint, (y).b))::public.pgphase_pair_new END) IS NOT DISTINCT FROM NULL);
ALTER TABLE public.t ADD COLUMN x public.pair NOT NULL;
ALTER TABLE public.t ADD CONSTRAINT t_x_check CHECK ((x).a > 0);
ALTER TABLE public.t ADD CONSTRAINT pgphase_x_copied CHECK (pgphase_x_new IS DISTINCT FROM NULL OR (CASE WHEN x IS NOT DISTINCT FROM NULL THEN NULL ELSE (ROW((x).a::bigint, (x).b))::public.pgphase_pair_new END) IS NOT DISTINCT FROM NULL);
CREATE FUNCTION public.pgphase_t_x_y_sync()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
#variable_conflict use_column
BEGIN
    SELECT (CASE WHEN x IS NOT DISTINCT FROM NULL THEN NULL ELSE (ROW((x).a::bigint, (x).b))::public.pgphase_pair_new END) INTO NEW.pgphase_x_new FROM (SELECT NEW.*) AS t;
    SELECT (CASE WHEN y IS NOT DISTINCT FROM NULL THEN NULL ELSE (ROW((y).a::bigint, (y).b))::public.pgphase_pair_new END) INTO NEW.pgphase_y_new FROM (SELECT NEW.*) AS t;
    RETURN NEW;
END
$$;
CREATE TRIGGER pgphase_t_x_y_sync
    BEFORE INSERT OR UPDATE ON public.t
    FOR EACH ROW
    EXECUTE FUNCTION public.pgphase_t_x_y_sync();
ALTER TABLE public.t ENABLE ALWAYS TRIGGER pgphase_t_x_y_sync;
CREATE VIEW public.firsts AS
 SELECT t.id,
    (t.x).a AS a
   FROM public.t;
ALTER VIEW public.firsts OWNER TO postgres;
CREATE FUNCTION public.swapped(p public.pair)
    RETURNS text
    LANGUAGE sql
    AS $$SELECT (p).b || (p).a$$;
ALTER FUNCTION public.swapped(public.pair) OWNER TO postgres;
COMMIT;

-- nothing to undo for validate-11: validate constraint public.t.pgphase_x_not_null

-- undo validate-10: add constraint public.t.pgphase_x_not_null
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.t DROP CONSTRAINT pgphase_x_not_null;
COMMIT;

-- nothing to undo for validate-9: check that no rows of public.t hold a null in pgphase_x_new

-- nothing to undo for validate-8: validate constraint public.t.pgphase_t_x_check_new

-- undo validate-7: add constraint public.t.pgphase_t_x_check_new
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.t DROP CONSTRAINT pgphase_t_x_check_new;
COMMIT;

-- nothing to undo for validate-6: validate constraint public.t.pgphase_y_copied

-- undo validate-5: add constraint public.t.pgphase_y_copied
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.t DROP CONSTRAINT pgphase_y_copied;
COMMIT;

-- nothing to undo for validate-4: check that no rows of public.t hold another value in pgphase_y_new than in y

-- nothing to undo for validate-3: validate constraint public.t.pgphase_x_copied

-- undo validate-2: add constraint public.t.pgphase_x_copied
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.t DROP CONSTRAINT pgphase_x_copied;
COMMIT;

-- nothing to undo for validate-1: check that no rows of public.t hold another value in pgphase_x_new than in x

-- nothing to undo for backfill-2: backfill public.t (pgphase_y_new)

-- nothing to undo for backfill-1: backfill public.t (pgphase_x_new)

-- undo expand-2: add column public.t.pgphase_x_new; add column public.t.pgphase_y_new; 2 more changes
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
DROP TRIGGER pgphase_t_x_y_sync ON public.t;
DROP FUNCTION public.pgphase_t_x_y_sync();
ALTER TABLE public.t DROP COLUMN pgphase_y_new;
ALTER TABLE public.t DROP COLUMN pgphase_x_new;
COMMIT;

-- undo expand-1: create composite type public.pgphase_pair_new
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
DROP TYPE public.pgphase_pair_new;
COMMIT;
