-- Plan forward, phase 2 of 4: backfill, for PostgreSQL 15.
-- Runs with: pgphase apply . --phase backfill; or with: psql -X -f 2-backfill.sql
-- Checksums of the steps are in plan.yaml: change the schema files and plan again rather than this file.

\set ON_ERROR_STOP on
SET client_min_messages = warning;
SET statement_timeout = 0;
SET idle_in_transaction_session_timeout = '60s';
SET standard_conforming_strings = on;
SET check_function_bodies = off;
SET default_transaction_isolation = 'read committed';
SET row_security = off;

-- step backfill-1 [22bf58961a85]: backfill public.t (pgphase_x_new)
--   number:      1 of 2 in this phase
--   why:         Rows from before the trigger get their value in batches.
--   locks:       ROW EXCLUSIVE on public.t (reads and writes go on)
--   duration:    grows with the table; small batches, each committed
--   transaction: one per batch
SET lock_timeout = '1s';
SET search_path = DEFAULT;
DO $$
DECLARE
    part pg_catalog.regclass;
    pages bigint;
    first bigint;
BEGIN
    FOR part IN WITH RECURSIVE tree AS (SELECT 'public.t'::pg_catalog.regclass::pg_catalog.oid AS oid UNION SELECT i.inhrelid FROM pg_catalog.pg_inherits i JOIN tree ON i.inhparent = tree.oid) SELECT c.oid FROM tree JOIN pg_catalog.pg_class c ON c.oid = tree.oid WHERE c.relkind IN ('r') ORDER BY c.oid LOOP
        pages := pg_catalog.pg_relation_size(part) / pg_catalog.current_setting('block_size')::bigint;
        first := 0;
        WHILE first <= pages LOOP
            FOR pass IN 0 .. 7 LOOP
                EXECUTE pg_catalog.format('UPDATE ONLY %s SET pgphase_x_new = CASE WHEN x IS NOT DISTINCT FROM NULL THEN NULL ELSE (ROW((x).a::bigint, (x).b))::public.pgphase_pair_new END WHERE ctid >= $1 AND ctid < $2 AND (pg_catalog.hashtid(ctid) & 7) = $3 AND (pgphase_x_new IS NOT DISTINCT FROM NULL AND (CASE WHEN x IS NOT DISTINCT FROM NULL THEN NULL ELSE (ROW((x).a::bigint, (x).b))::public.pgphase_pair_new END) IS DISTINCT FROM NULL)', part)
                    USING pg_catalog.format('(%s,0)', first)::tid, pg_catalog.format('(%s,0)', first + 512)::tid, pass;
                COMMIT;
            END LOOP;
            first := first + 512;
        END LOOP;
    END LOOP;
END
$$;

-- step backfill-2 [376c05beb997]: backfill public.t (pgphase_y_new)
--   number:      2 of 2 in this phase
--   why:         Rows from before the trigger get their value in batches.
--   locks:       ROW EXCLUSIVE on public.t (reads and writes go on)
--   duration:    grows with the table; small batches, each committed
--   transaction: one per batch
SET lock_timeout = '1s';
SET search_path = DEFAULT;
DO $$
DECLARE
    part pg_catalog.regclass;
    pages bigint;
    first bigint;
BEGIN
    FOR part IN WITH RECURSIVE tree AS (SELECT 'public.t'::pg_catalog.regclass::pg_catalog.oid AS oid UNION SELECT i.inhrelid FROM pg_catalog.pg_inherits i JOIN tree ON i.inhparent = tree.oid) SELECT c.oid FROM tree JOIN pg_catalog.pg_class c ON c.oid = tree.oid WHERE c.relkind IN ('r') ORDER BY c.oid LOOP
        pages := pg_catalog.pg_relation_size(part) / pg_catalog.current_setting('block_size')::bigint;
        first := 0;
        WHILE first <= pages LOOP
            FOR pass IN 0 .. 7 LOOP
                EXECUTE pg_catalog.format('UPDATE ONLY %s SET pgphase_y_new = CASE WHEN y IS NOT DISTINCT FROM NULL THEN NULL ELSE (ROW((y).a::bigint, (y).b))::public.pgphase_pair_new END WHERE ctid >= $1 AND ctid < $2 AND (pg_catalog.hashtid(ctid) & 7) = $3 AND (pgphase_y_new IS NOT DISTINCT FROM NULL AND (CASE WHEN y IS NOT DISTINCT FROM NULL THEN NULL ELSE (ROW((y).a::bigint, (y).b))::public.pgphase_pair_new END) IS DISTINCT FROM NULL)', part)
                    USING pg_catalog.format('(%s,0)', first)::tid, pg_catalog.format('(%s,0)', first + 512)::tid, pass;
                COMMIT;
            END LOOP;
            first := first + 512;
        END LOOP;
    END LOOP;
END
$$;
