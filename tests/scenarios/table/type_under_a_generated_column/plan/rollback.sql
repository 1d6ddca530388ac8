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

-- undo contract-1: drop view public.titles; drop trigger public.articles.pgphase_articles_shadow; 7 more changes
-- without what was lost: every row of public.articles
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
DROP VIEW public.titles;
ALTER INDEX public.articles_words RENAME TO pgphase_articles_words_new;
ALTER INDEX public.articles_pkey RENAME TO pgphase_articles_pkey_new;
ALTER TABLE public.articles RENAME TO pgphase_articles_new;
CREATE TABLE public.articles (
    id integer NOT NULL,
    title character varying(100) DEFAULT 'new'::character varying NOT NULL,
    price integer,
    pieces integer DEFAULT 1 NOT NULL,
    words tsvector GENERATED ALWAYS AS (to_tsvector('simple'::regconfig, (title)::text)) STORED,
    total bigint GENERATED ALWAYS AS (price * pieces) STORED,
    CONSTRAINT articles_pkey PRIMARY KEY (id),
    CONSTRAINT articles_title CHECK ((title)::text <> ''::text)
);
CREATE INDEX articles_words ON public.articles USING gin (words);
ALTER TABLE public.articles OWNER TO postgres;
CREATE FUNCTION public.pgphase_articles_shadow()
    RETURNS trigger
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
#variable_conflict use_column
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        TRUNCATE public.pgphase_articles_new;
        RETURN NULL;
    END IF;
    IF TG_OP = 'DELETE' THEN
        IF current_setting('transaction_isolation') <> 'read committed' THEN
            INSERT INTO public.pgphase_articles_new (id, title, price, pieces) OVERRIDING SYSTEM VALUE VALUES (OLD.id, OLD.title, OLD.price, OLD.pieces)
                ON CONFLICT (id) DO UPDATE SET id = EXCLUDED.id;
        END IF;
        DELETE FROM public.pgphase_articles_new AS pgphase_there
            WHERE pgphase_there.id = OLD.id AND NOT EXISTS (SELECT FROM public.articles AS pgphase_here WHERE pgphase_here.id = OLD.id);
        RETURN NULL;
    END IF;
    IF TG_OP = 'UPDATE' AND (OLD.id IS DISTINCT FROM NEW.id) THEN
        IF current_setting('transaction_isolation') <> 'read committed' THEN
            INSERT INTO public.pgphase_articles_new (id, title, price, pieces) OVERRIDING SYSTEM VALUE VALUES (OLD.id, OLD.title, OLD.price, OLD.pieces)
                ON CONFLICT (id) DO UPDATE SET id = EXCLUDED.id;
        END IF;
        DELETE FROM public.pgphase_articles_new AS pgphase_there
            WHERE pgphase_there.id = OLD.id AND NOT EXISTS (SELECT FROM public.articles AS pgphase_here WHERE pgphase_here.id = OLD.id);
    END IF;
    INSERT INTO public.pgphase_articles_new (id, title, price, pieces) OVERRIDING SYSTEM VALUE
        SELECT id, title, price, pieces FROM public.articles AS pgphase_here WHERE pgphase_here.id = NEW.id
        ON CONFLICT (id) DO UPDATE SET title = EXCLUDED.title, price = EXCLUDED.price, pieces = EXCLUDED.pieces;
    RETURN NULL;
END
$$;
CREATE TRIGGER pgphase_articles_emptied
    AFTER TRUNCATE ON public.articles
    FOR EACH STATEMENT
    EXECUTE FUNCTION public.pgphase_articles_shadow();
ALTER TABLE public.articles ENABLE ALWAYS TRIGGER pgphase_articles_emptied;
CREATE TRIGGER pgphase_articles_shadow
    AFTER INSERT OR DELETE OR UPDATE ON public.articles
    FOR EACH ROW
    EXECUTE FUNCTION public.pgphase_articles_shadow();
ALTER TABLE public.articles ENABLE ALWAYS TRIGGER pgphase_articles_shadow;
CREATE VIEW public.titles AS
 SELECT articles.id,
    articles.title
   FROM public.articles;
ALTER VIEW public.titles OWNER TO postgres;
COMMIT;

-- nothing to undo for validate-4: check that no rows of public.articles differ from public.pgphase_articles_new

-- nothing to undo for validate-3: copy the rows of public.articles to public.pgphase_articles_new

-- undo validate-2: create function public.pgphase_articles_shadow(); create trigger public.articles.pgphase_articles_shadow; create trigger public.articles.pgphase_articles_emptied
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
DROP TRIGGER pgphase_articles_emptied ON public.articles;
DROP TRIGGER pgphase_articles_shadow ON public.articles;
DROP FUNCTION public.pgphase_articles_shadow();
COMMIT;

-- undo validate-1: create table public.pgphase_articles_new
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
DROP TABLE public.pgphase_articles_new;
COMMIT;
