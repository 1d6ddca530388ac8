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

-- step expand-1 [9ba5f5b8f5cb]: create table public.pgphase_job_new
--   number:      1 of 4 in this phase
--   locks:       none on existing tables
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
CREATE TABLE public.pgphase_job_new (
    id bigint NOT NULL,
    line text,
    CONSTRAINT pgphase_job_pkey_new PRIMARY KEY (id)
) PARTITION BY HASH (id);
CREATE INDEX pgphase_job_line_new ON public.pgphase_job_new USING btree (line);
ALTER TABLE public.pgphase_job_new OWNER TO postgres;
COMMIT;

-- step expand-2 [730e895ee5d3]: create table public.job_0
--   number:      2 of 4 in this phase
--   locks:       none on existing tables
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
CREATE TABLE public.job_0 PARTITION OF public.pgphase_job_new FOR VALUES WITH (MODULUS 2, REMAINDER 0);
COMMIT;

-- step expand-3 [7ba14e51522d]: create table public.job_1
--   number:      3 of 4 in this phase
--   locks:       none on existing tables
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
CREATE TABLE public.job_1 PARTITION OF public.pgphase_job_new FOR VALUES WITH (MODULUS 2, REMAINDER 1);
COMMIT;

-- step expand-4 [a1cdacbbe07f]: create function public.pgphase_job_shadow(); create trigger public.job.pgphase_job_shadow; create trigger public.job.pgphase_job_emptied
--   number:      4 of 4 in this phase
--   why:         From here on every write of the table reaches the shadow as well.
--   locks:       SHARE ROW EXCLUSIVE on public.job (writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
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
CREATE TRIGGER pgphase_job_shadow
    AFTER INSERT OR DELETE OR UPDATE ON public.job
    FOR EACH ROW
    EXECUTE FUNCTION public.pgphase_job_shadow();
ALTER TABLE public.job ENABLE ALWAYS TRIGGER pgphase_job_shadow;
CREATE TRIGGER pgphase_job_emptied
    AFTER TRUNCATE ON public.job
    FOR EACH STATEMENT
    EXECUTE FUNCTION public.pgphase_job_shadow();
ALTER TABLE public.job ENABLE ALWAYS TRIGGER pgphase_job_emptied;
COMMIT;
