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

-- undo contract-1: drop trigger public.job.pgphase_job_shadow; drop trigger public.job.pgphase_job_emptied; 5 more changes
-- without what was lost: every row of public.job
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER INDEX public.job_line RENAME TO pgphase_job_line_new;
ALTER INDEX public.job_pkey RENAME TO pgphase_job_pkey_new;
ALTER TABLE public.job RENAME TO pgphase_job_new;
CREATE TABLE public.job (
    id bigint NOT NULL,
    line text,
    CONSTRAINT job_pkey PRIMARY KEY (id)
);
CREATE INDEX job_line ON public.job USING btree (line);
ALTER TABLE public.job OWNER TO postgres;
CREATE FUNCTION public.pgphase_job_shadow()
    RETURNS trigger
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
#variable_conflict use_column
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        TRUNCATE public.pgphase_job_new;
        RETURN NULL;
    END IF;
    IF TG_OP = 'DELETE' THEN
        IF current_setting('transaction_isolation') <> 'read committed' THEN
            INSERT INTO public.pgphase_job_new (id, line) OVERRIDING SYSTEM VALUE VALUES (OLD.id, OLD.line)
                ON CONFLICT (id) DO UPDATE SET id = EXCLUDED.id;
        END IF;
        DELETE FROM public.pgphase_job_new AS pgphase_there
            WHERE pgphase_there.id = OLD.id AND NOT EXISTS (SELECT FROM public.job AS pgphase_here WHERE pgphase_here.id = OLD.id);
        RETURN NULL;
    END IF;
    IF TG_OP = 'UPDATE' AND (OLD.id IS DISTINCT FROM NEW.id) THEN
        IF current_setting('transaction_isolation') <> 'read committed' THEN
            INSERT INTO public.pgphase_job_new (id, line) OVERRIDING SYSTEM VALUE VALUES (OLD.id, OLD.line)
                ON CONFLICT (id) DO UPDATE SET id = EXCLUDED.id;
        END IF;
        DELETE FROM public.pgphase_job_new AS pgphase_there
            WHERE pgphase_there.id = OLD.id AND NOT EXISTS (SELECT FROM public.job AS pgphase_here WHERE pgphase_here.id = OLD.id);
    END IF;
    INSERT INTO public.pgphase_job_new (id, line) OVERRIDING SYSTEM VALUE
        SELECT id, line FROM public.job AS pgphase_here WHERE pgphase_here.id = NEW.id
        ON CONFLICT (id) DO UPDATE SET line = EXCLUDED.line;
    RETURN NULL;
END
$$;
CREATE TRIGGER pgphase_job_emptied
    AFTER TRUNCATE ON public.job
    FOR EACH STATEMENT
    EXECUTE FUNCTION public.pgphase_job_shadow();
ALTER TABLE public.job ENABLE ALWAYS TRIGGER pgphase_job_emptied;
CREATE TRIGGER pgphase_job_shadow
    AFTER INSERT OR DELETE OR UPDATE ON public.job
    FOR EACH ROW
    EXECUTE FUNCTION public.pgphase_job_shadow();
ALTER TABLE public.job ENABLE ALWAYS TRIGGER pgphase_job_shadow;
COMMIT;

-- nothing to undo for validate-1: check that no rows of public.job differ from public.pgphase_job_new

-- nothing to undo for backfill-1: copy the rows of public.job to public.pgphase_job_new

-- undo expand-4: create function public.pgphase_job_shadow(); create trigger public.job.pgphase_job_shadow; create trigger public.job.pgphase_job_emptied
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
DROP TRIGGER pgphase_job_emptied ON public.job;
DROP TRIGGER pgphase_job_shadow ON public.job;
DROP FUNCTION public.pgphase_job_shadow();
COMMIT;

-- undo expand-3: create table public.job_1
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
DROP TABLE public.job_1;
COMMIT;

-- undo expand-2: create table public.job_0
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
DROP TABLE public.job_0;
COMMIT;

-- undo expand-1: create table public.pgphase_job_new
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
DROP TABLE public.pgphase_job_new;
COMMIT;
