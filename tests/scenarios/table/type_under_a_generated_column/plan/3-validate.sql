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

-- step validate-1 [736e7eee1ec9]: create table public.pgphase_articles_new
--   number:      1 of 4 in this phase
--   locks:       none on existing tables
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
CREATE TABLE public.pgphase_articles_new (
    id integer NOT NULL,
    title text DEFAULT 'new' NOT NULL,
    price bigint,
    pieces integer DEFAULT 1 NOT NULL,
    words tsvector GENERATED ALWAYS AS (to_tsvector('simple'::regconfig, (title)::text)) STORED,
    total bigint GENERATED ALWAYS AS (price * pieces) STORED,
    CONSTRAINT articles_title CHECK ((title)::text <> ''::text),
    CONSTRAINT pgphase_articles_pkey_new PRIMARY KEY (id)
);
CREATE INDEX pgphase_articles_words_new ON public.pgphase_articles_new USING gin (words);
ALTER TABLE public.pgphase_articles_new OWNER TO postgres;
COMMIT;

-- step validate-2 [eff0befea42c]: create function public.pgphase_articles_shadow(); create trigger public.articles.pgphase_articles_shadow; create trigger public.articles.pgphase_articles_emptied
--   number:      2 of 4 in this phase
--   why:         From here on every write of the table reaches the shadow as well.
--   locks:       SHARE ROW EXCLUSIVE on public.articles (writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
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
CREATE TRIGGER pgphase_articles_shadow
    AFTER INSERT OR DELETE OR UPDATE ON public.articles
    FOR EACH ROW
    EXECUTE FUNCTION public.pgphase_articles_shadow();
ALTER TABLE public.articles ENABLE ALWAYS TRIGGER pgphase_articles_shadow;
CREATE TRIGGER pgphase_articles_emptied
    AFTER TRUNCATE ON public.articles
    FOR EACH STATEMENT
    EXECUTE FUNCTION public.pgphase_articles_shadow();
ALTER TABLE public.articles ENABLE ALWAYS TRIGGER pgphase_articles_emptied;
COMMIT;

-- step validate-3 [967664f0dc99]: copy the rows of public.articles to public.pgphase_articles_new
--   number:      3 of 4 in this phase
--   why:         Rows from before the triggers are copied in batches.
--   locks:       ROW SHARE on public.articles (reads and writes go on)
--   duration:    grows with the table; small batches, each committed
--   transaction: one per batch
SET lock_timeout = '100ms';
SET search_path = DEFAULT;
DO $$
DECLARE
    part pg_catalog.regclass;
    pages bigint;
    first bigint;
BEGIN
    FOR part IN WITH RECURSIVE tree AS (SELECT 'public.articles'::pg_catalog.regclass::pg_catalog.oid AS oid UNION SELECT i.inhrelid FROM pg_catalog.pg_inherits i JOIN tree ON i.inhparent = tree.oid) SELECT c.oid FROM tree JOIN pg_catalog.pg_class c ON c.oid = tree.oid WHERE c.relkind IN ('r') ORDER BY c.oid LOOP
        pages := pg_catalog.pg_relation_size(part) / pg_catalog.current_setting('block_size')::bigint;
        first := 0;
        WHILE first <= pages LOOP
            FOR pass IN 0 .. 7 LOOP
                FOR attempt IN 1 .. 100 LOOP
                BEGIN
                    EXECUTE pg_catalog.format('INSERT INTO public.pgphase_articles_new (id, title, price, pieces) OVERRIDING SYSTEM VALUE SELECT id, title, price, pieces FROM ONLY %s WHERE ctid >= $1 AND ctid < $2 AND (pg_catalog.hashtid(ctid) & 7) = $3 FOR SHARE ON CONFLICT (id) DO NOTHING', part)
                    USING pg_catalog.format('(%s,0)', first)::tid, pg_catalog.format('(%s,0)', first + 512)::tid, pass;
                    EXIT;
                EXCEPTION WHEN lock_not_available THEN
                    IF attempt = 100 THEN RAISE; END IF;
                    PERFORM pg_catalog.pg_sleep(0.1);
                END;
                END LOOP;
                COMMIT;
            END LOOP;
            first := first + 512;
        END LOOP;
    END LOOP;
END
$$;

-- step validate-4 [d06c18d8f5aa]: check that no rows of public.articles differ from public.pgphase_articles_new
--   number:      4 of 4 in this phase
--   why:         Asked before any lock is taken.
--   locks:       ACCESS SHARE on public.articles (reads and writes go on)
--   duration:    grows with the table: reads all of public.articles
--   transaction: none needed: it only reads
SET lock_timeout = '5s';
SET search_path = DEFAULT;
DO $$
#variable_conflict use_column
DECLARE
    found bigint;
    sample text;
BEGIN
    SELECT pg_catalog.count(*) INTO found FROM (SELECT coalesce(pgphase_here.id, pgphase_there.id) AS id FROM public.articles AS pgphase_here FULL JOIN public.pgphase_articles_new AS pgphase_there ON pgphase_here.id = pgphase_there.id WHERE pgphase_here.id IS NULL OR pgphase_there.id IS NULL OR ROW(pgphase_here.id, pgphase_here.title::text, pgphase_here.price::bigint, pgphase_here.pieces)::record OPERATOR(pg_catalog.*<>) ROW(pgphase_there.id, pgphase_there.title, pgphase_there.price, pgphase_there.pieces)::record) AS pgphase_row;
    IF found > 0 THEN
        SELECT pg_catalog.string_agg(named, '; ') INTO sample FROM (
            SELECT (
                SELECT pg_catalog.string_agg(key || ' = ' || coalesce(pg_catalog.left(value, 60), 'null'), ', ')
                FROM pg_catalog.jsonb_each_text(pg_catalog.to_jsonb(pgphase_row))
                WHERE key = ANY (ARRAY['id']::text[]) OR key IN (
                    SELECT a.attname FROM pg_catalog.pg_index i
                    JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
                    WHERE i.indrelid = 'public.articles'::pg_catalog.regclass AND i.indisprimary
                )
            ) FROM (SELECT coalesce(pgphase_here.id, pgphase_there.id) AS id FROM public.articles AS pgphase_here FULL JOIN public.pgphase_articles_new AS pgphase_there ON pgphase_here.id = pgphase_there.id WHERE pgphase_here.id IS NULL OR pgphase_there.id IS NULL OR ROW(pgphase_here.id, pgphase_here.title::text, pgphase_here.price::bigint, pgphase_here.pieces)::record OPERATOR(pg_catalog.*<>) ROW(pgphase_there.id, pgphase_there.title, pgphase_there.price, pgphase_there.pieces)::record) AS pgphase_row LIMIT 3
        ) AS picked (named);
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = found || CASE WHEN found = 1 THEN ' row of public.articles differs from public.pgphase_articles_new' ELSE ' rows of public.articles differ from public.pgphase_articles_new' END,
            DETAIL = coalesce('Among them: ' || sample, 'They have no primary key to name them by.'),
            HINT = 'Correct these rows, then run the phase again.';
    END IF;
END
$$;
