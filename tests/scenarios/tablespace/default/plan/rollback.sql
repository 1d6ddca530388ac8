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

-- undo expand-11: create materialized view public.m
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
DROP MATERIALIZED VIEW public.m;
COMMIT;

-- undo expand-10: create table public.t
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
DROP TABLE public.t;
COMMIT;

-- undo expand-9: create table public.slow_1
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
DROP TABLE public.slow_1;
COMMIT;

-- undo expand-8: create table public.slow_ones
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
DROP TABLE public.slow_ones;
COMMIT;

-- undo expand-7: create table public.plain; add column public.plain.a; 2 more changes
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER SEQUENCE public.plain_a_seq OWNED BY NONE;
DROP TABLE public.plain;
COMMIT;

-- undo expand-6: create table public.parted_1
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
DROP TABLE public.parted_1;
COMMIT;

-- undo expand-5: create table public.parted
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
DROP TABLE public.parted;
COMMIT;

-- undo expand-4: create table public.last
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
DROP TABLE public.last;
COMMIT;

-- undo expand-3: create table public.again; add column public.again.a; 2 more changes
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
ALTER SEQUENCE public.again_a_seq OWNED BY NONE;
DROP TABLE public.again;
COMMIT;

-- undo expand-2: create sequence public.plain_a_seq
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
DROP SEQUENCE public.plain_a_seq;
COMMIT;

-- undo expand-1: create sequence public.again_a_seq
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
DROP SEQUENCE public.again_a_seq;
COMMIT;
