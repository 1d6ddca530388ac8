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

-- step expand-1 [cc3e556fd9b0]: create sequence public.again_a_seq
--   number:      1 of 11 in this phase
--   locks:       none on existing tables
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
CREATE SEQUENCE public.again_a_seq AS integer;
COMMIT;

-- step expand-2 [70a2773ef174]: create sequence public.plain_a_seq
--   number:      2 of 11 in this phase
--   locks:       none on existing tables
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
CREATE SEQUENCE public.plain_a_seq AS integer;
COMMIT;

-- step expand-3 [9018c6241533]: create table public.again; add column public.again.a; 2 more changes
--   number:      3 of 11 in this phase
--   locks:       none on existing tables
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
CREATE TABLE public.again (
    a integer DEFAULT nextval('public.again_a_seq'::regclass) NOT NULL,
    CONSTRAINT again_pkey PRIMARY KEY (a) USING INDEX TABLESPACE fast
) TABLESPACE slow;
ALTER SEQUENCE public.again_a_seq OWNED BY public.again.a;
COMMIT;

-- step expand-4 [6ab6a761ed2f]: create table public.last
--   number:      4 of 11 in this phase
--   locks:       none on existing tables
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
CREATE TABLE public.last (
    a integer
);
COMMIT;

-- step expand-5 [978cb40428be]: create table public.parted
--   number:      5 of 11 in this phase
--   locks:       none on existing tables
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
CREATE TABLE public.parted (
    a integer
) PARTITION BY LIST (a) TABLESPACE fast;
COMMIT;

-- step expand-6 [0cd7f27dd187]: create table public.parted_1
--   number:      6 of 11 in this phase
--   locks:       none on existing tables
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
CREATE TABLE public.parted_1 PARTITION OF public.parted FOR VALUES IN (1) TABLESPACE fast;
COMMIT;

-- step expand-7 [ba7d60385f3f]: create table public.plain; add column public.plain.a; 2 more changes
--   number:      7 of 11 in this phase
--   locks:       none on existing tables
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
CREATE TABLE public.plain (
    a integer DEFAULT nextval('public.plain_a_seq'::regclass) NOT NULL,
    CONSTRAINT plain_pkey PRIMARY KEY (a)
);
ALTER SEQUENCE public.plain_a_seq OWNED BY public.plain.a;
COMMIT;

-- step expand-8 [fd0f3b9268fc]: create table public.slow_ones
--   number:      8 of 11 in this phase
--   locks:       none on existing tables
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
CREATE TABLE public.slow_ones (
    a integer
) PARTITION BY LIST (a) TABLESPACE slow;
COMMIT;

-- step expand-9 [6d7099f02781]: create table public.slow_1
--   number:      9 of 11 in this phase
--   locks:       none on existing tables
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
CREATE TABLE public.slow_1 PARTITION OF public.slow_ones FOR VALUES IN (1) TABLESPACE slow;
COMMIT;

-- step expand-10 [6991283343ee]: create table public.t
--   number:      10 of 11 in this phase
--   locks:       none on existing tables
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
CREATE TABLE public.t (
    a integer NOT NULL,
    b integer,
    CONSTRAINT t_b_key UNIQUE (b) USING INDEX TABLESPACE fast,
    CONSTRAINT t_a_excl EXCLUDE USING btree (a WITH =) USING INDEX TABLESPACE fast,
    CONSTRAINT t_pkey PRIMARY KEY (a) USING INDEX TABLESPACE fast
) TABLESPACE fast;
CREATE INDEX by_b ON public.t USING btree (b) TABLESPACE fast;
CREATE INDEX elsewhere ON public.t USING btree (b) TABLESPACE slow;
CREATE INDEX usual ON public.t USING btree (b);
COMMIT;

-- step expand-11 [32a95c7189ee]: create materialized view public.m
--   number:      11 of 11 in this phase
--   locks:       none on existing tables
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
CREATE MATERIALIZED VIEW public.m TABLESPACE fast AS
SELECT a FROM t;
COMMIT;
