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

-- step contract-1 [f8c72ccd78ba]: drop rule public.base.quiet; change type of column public.base.id to bigint; create rule public.base.quiet
--   number:      1 of 2 in this phase
--   why:         What depends on it is dropped before and made anew after, in one transaction.
--   locks:       ACCESS EXCLUSIVE on public.base (reads and writes wait), ACCESS EXCLUSIVE on public.declares (reads and writes wait), ACCESS EXCLUSIVE on public.inherits (reads and writes wait), ACCESS EXCLUSIVE on public.keyed (reads and writes wait)
--   duration:    grows with the table: rewrites public.base, public.declares, public.inherits, public.keyed
--   transaction: one of its own
--   hazard:      rewrite:table public.base: public.base and its indexes are rewritten while reads and writes wait.
--   hazard:      rewrite:table public.declares: public.declares is rewritten while reads or writes of it wait.
--   hazard:      rewrite:table public.inherits: public.inherits is rewritten while reads or writes of it wait.
--   hazard:      rewrite:table public.keyed: public.keyed is rewritten while reads or writes of it wait.
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = DEFAULT;
DROP RULE quiet ON public.base;
ALTER TABLE public.base ALTER COLUMN id TYPE bigint;
CREATE RULE quiet AS
    ON DELETE TO public.base
    WHERE (old.id < 0)
    DO INSTEAD NOTHING;
COMMIT;

-- step contract-2 [b52dd29c6275]: drop rule public.p.quiet; change type of column public.p.id to bigint; create rule public.p.quiet
--   number:      2 of 2 in this phase
--   why:         What depends on it is dropped before and made anew after, in one transaction.
--   locks:       ACCESS EXCLUSIVE on public.p (reads and writes wait), ACCESS EXCLUSIVE on public.p1 (reads and writes wait), ACCESS EXCLUSIVE on public.p2 (reads and writes wait)
--   duration:    grows with the table: rewrites public.p1, public.p2
--   transaction: one of its own
--   hazard:      rewrite:table public.p: public.p and its indexes are rewritten while reads and writes wait.
--   hazard:      rewrite:table public.p1: public.p1 is rewritten while reads or writes of it wait.
--   hazard:      rewrite:table public.p2: public.p2 is rewritten while reads or writes of it wait.
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = DEFAULT;
DROP RULE quiet ON public.p;
ALTER TABLE public.p ALTER COLUMN id TYPE bigint;
CREATE RULE quiet AS
    ON DELETE TO public.p
    WHERE (old.id < 0)
    DO INSTEAD NOTHING;
COMMIT;
