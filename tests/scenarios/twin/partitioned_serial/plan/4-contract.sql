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

-- step contract-1 [ff71f47eb04e]: drop trigger public.visits.pgphase_visits_id_sync; drop function public.pgphase_visits_id_sync(); 11 more changes
--   number:      1 of 1 in this phase
--   why:         In one transaction, so that every application sees either the old state or the new one.
--   locks:       ACCESS EXCLUSIVE on public.visits (reads and writes wait), ACCESS EXCLUSIVE on public.visits_0 (reads and writes wait), ACCESS EXCLUSIVE on public.visits_1 (reads and writes wait), SHARE ROW EXCLUSIVE on public.visits_id_seq (writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
--   hazard:      old-shape:column public.visits.id: The column public.visits.id as integer goes; with the same values it is bigint from here on, and stands last among the columns. Prepared statements over it fail once.
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
LOCK TABLE public.visits IN ACCESS EXCLUSIVE MODE;
DO $$
#variable_conflict use_column
DECLARE
    found bigint;
    sample text;
BEGIN
    SELECT pg_catalog.count(*) INTO found FROM (SELECT relid FROM pg_catalog.pg_partition_tree('public.visits'::pg_catalog.regclass) WHERE relid NOT IN ('public.visits'::pg_catalog.regclass, 'public.visits_0'::pg_catalog.regclass, 'public.visits_1'::pg_catalog.regclass)) AS pgphase_row;
    IF found > 0 THEN
        SELECT pg_catalog.string_agg(named, '; ') INTO sample FROM (
            SELECT (
                SELECT pg_catalog.string_agg(key || ' = ' || coalesce(pg_catalog.left(value, 60), 'null'), ', ')
                FROM pg_catalog.jsonb_each_text(pg_catalog.to_jsonb(pgphase_row))
                WHERE key = ANY (ARRAY['relid']::text[]) OR key IN (
                    SELECT a.attname FROM pg_catalog.pg_index i
                    JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
                    WHERE i.indrelid = 'public.visits'::pg_catalog.regclass AND i.indisprimary
                )
            ) FROM (SELECT relid FROM pg_catalog.pg_partition_tree('public.visits'::pg_catalog.regclass) WHERE relid NOT IN ('public.visits'::pg_catalog.regclass, 'public.visits_0'::pg_catalog.regclass, 'public.visits_1'::pg_catalog.regclass)) AS pgphase_row LIMIT 3
        ) AS picked (named);
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = found || CASE WHEN found = 1 THEN ' row of public.visits in pg_partition_tree name partitions that the plan does not know: detach them until contract is done, or roll back and plan again' ELSE ' rows of public.visits in pg_partition_tree name partitions that the plan does not know: detach them until contract is done, or roll back and plan again' END,
            DETAIL = coalesce('Among them: ' || sample, 'They have no primary key to name them by.'),
            HINT = 'Correct these rows, then run the phase again.';
    END IF;
END
$$;
DROP TRIGGER pgphase_visits_id_sync ON public.visits;
DROP FUNCTION public.pgphase_visits_id_sync();
ALTER SEQUENCE public.visits_id_seq OWNED BY public.visits.pgphase_id_new;
ALTER TABLE public.visits DROP COLUMN id;
ALTER TABLE public.visits RENAME COLUMN pgphase_id_new TO id;
ALTER TABLE public.visits ALTER COLUMN id SET NOT NULL;
ALTER TABLE public.visits DROP CONSTRAINT pgphase_id_not_null;
ALTER TABLE public.visits ALTER COLUMN id SET DEFAULT nextval('public.visits_id_seq'::regclass);
ALTER TABLE ONLY public.visits ADD CONSTRAINT visits_pkey PRIMARY KEY (id, site);
ALTER TABLE public.visits_0 ADD CONSTRAINT visits_0_pkey PRIMARY KEY USING INDEX pgphase_visits_0_pkey_new;
ALTER INDEX public.visits_pkey ATTACH PARTITION public.visits_0_pkey;
ALTER TABLE public.visits_1 ADD CONSTRAINT visits_1_pkey PRIMARY KEY USING INDEX pgphase_visits_1_pkey_new;
ALTER INDEX public.visits_pkey ATTACH PARTITION public.visits_1_pkey;
COMMIT;
