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

-- undo contract-3: drop access method gone
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
CREATE ACCESS METHOD gone TYPE TABLE HANDLER heap_tableam_handler;
COMMIT;

-- undo contract-2: set the access method of table public.t to second
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER TABLE public.t SET ACCESS METHOD gone;
COMMIT;

-- undo contract-1: drop access method tree; create access method tree
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
DROP ACCESS METHOD tree;
CREATE ACCESS METHOD tree TYPE INDEX HANDLER bthandler;
COMMIT;

-- undo expand-2: create materialized view public.m
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
DROP MATERIALIZED VIEW public.m;
COMMIT;

-- undo expand-1: create table public.new
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
DROP TABLE public.new;
COMMIT;
