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

-- step contract-1 [51b0f94a7fcf]: drop view public.titles; drop trigger public.articles.pgphase_articles_shadow; 7 more changes
--   number:      1 of 1 in this phase
--   why:         In one transaction, so that every application sees either the old table or the new one.
--   locks:       ACCESS EXCLUSIVE on public.titles (reads and writes wait), ACCESS EXCLUSIVE on public.articles (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
--   hazard:      old-shape:table public.articles: The old table public.articles goes; the new one holds the same rows.
--   hazard:      breaks-old-application:view public.titles: public.titles is made anew; its columns stay, and reads of it wait for a moment.
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
DROP VIEW public.titles;
LOCK TABLE public.articles, public.pgphase_articles_new IN ACCESS EXCLUSIVE MODE;
DROP TRIGGER pgphase_articles_shadow ON public.articles;
DROP TRIGGER pgphase_articles_emptied ON public.articles;
DROP FUNCTION public.pgphase_articles_shadow();
DROP TABLE public.articles;
ALTER TABLE public.pgphase_articles_new RENAME TO articles;
ALTER TABLE public.articles RENAME CONSTRAINT pgphase_articles_pkey_new TO articles_pkey;
ALTER INDEX public.pgphase_articles_words_new RENAME TO articles_words;
CREATE VIEW public.titles AS
 SELECT articles.id,
    articles.title
   FROM public.articles;
ALTER VIEW public.titles OWNER TO postgres;
COMMIT;
