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

-- step contract-1 [94502fe6f80a]: check that no rows of public.visits hold another value in remark than in note
--   number:      1 of 4 in this phase
--   why:         Right before the swap both columns must hold the same.
--   locks:       ACCESS SHARE on public.visits (reads and writes go on)
--   duration:    grows with the table: reads all of public.visits_0, public.visits_rest_0
--   transaction: none needed: it only reads
SET lock_timeout = '5s';
SET search_path = DEFAULT;
DO $$
#variable_conflict use_column
DECLARE
    found bigint;
    sample text;
BEGIN
    SELECT pg_catalog.count(*) INTO found FROM (SELECT * FROM public.visits WHERE ROW(remark)::record OPERATOR(pg_catalog.*<>) ROW((note)::text)::record) AS pgphase_row;
    IF found > 0 THEN
        SELECT pg_catalog.string_agg(named, '; ') INTO sample FROM (
            SELECT (
                SELECT pg_catalog.string_agg(key || ' = ' || coalesce(pg_catalog.left(value, 60), 'null'), ', ')
                FROM pg_catalog.jsonb_each_text(pg_catalog.to_jsonb(pgphase_row))
                WHERE key = ANY (ARRAY[]::text[]) OR key IN (
                    SELECT a.attname FROM pg_catalog.pg_index i
                    JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
                    WHERE i.indrelid = 'public.visits'::pg_catalog.regclass AND i.indisprimary
                )
            ) FROM (SELECT * FROM public.visits WHERE ROW(remark)::record OPERATOR(pg_catalog.*<>) ROW((note)::text)::record) AS pgphase_row LIMIT 3
        ) AS picked (named);
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = found || CASE WHEN found = 1 THEN ' row of public.visits holds another value in remark than in note' ELSE ' rows of public.visits hold another value in remark than in note' END,
            DETAIL = coalesce('Among them: ' || sample, 'They have no primary key to name them by.'),
            HINT = 'Correct these rows, then run the phase again.';
    END IF;
END
$$;

-- step contract-2 [1f006d42ee6b]: check that no rows of public.visits hold another value in pgphase_amount_new than in amount
--   number:      2 of 4 in this phase
--   why:         Right before the swap both columns must hold the same.
--   locks:       ACCESS SHARE on public.visits (reads and writes go on)
--   duration:    grows with the table: reads all of public.visits_0, public.visits_rest_0
--   transaction: none needed: it only reads
SET lock_timeout = '5s';
SET search_path = DEFAULT;
DO $$
#variable_conflict use_column
DECLARE
    found bigint;
    sample text;
BEGIN
    SELECT pg_catalog.count(*) INTO found FROM (SELECT * FROM public.visits WHERE ROW(pgphase_amount_new)::record OPERATOR(pg_catalog.*<>) ROW((amount)::bigint)::record) AS pgphase_row;
    IF found > 0 THEN
        SELECT pg_catalog.string_agg(named, '; ') INTO sample FROM (
            SELECT (
                SELECT pg_catalog.string_agg(key || ' = ' || coalesce(pg_catalog.left(value, 60), 'null'), ', ')
                FROM pg_catalog.jsonb_each_text(pg_catalog.to_jsonb(pgphase_row))
                WHERE key = ANY (ARRAY[]::text[]) OR key IN (
                    SELECT a.attname FROM pg_catalog.pg_index i
                    JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
                    WHERE i.indrelid = 'public.visits'::pg_catalog.regclass AND i.indisprimary
                )
            ) FROM (SELECT * FROM public.visits WHERE ROW(pgphase_amount_new)::record OPERATOR(pg_catalog.*<>) ROW((amount)::bigint)::record) AS pgphase_row LIMIT 3
        ) AS picked (named);
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = found || CASE WHEN found = 1 THEN ' row of public.visits holds another value in pgphase_amount_new than in amount' ELSE ' rows of public.visits hold another value in pgphase_amount_new than in amount' END,
            DETAIL = coalesce('Among them: ' || sample, 'They have no primary key to name them by.'),
            HINT = 'Correct these rows, then run the phase again.';
    END IF;
END
$$;

-- step contract-3 [57ba4a005171]: drop trigger public.visits.pgphase_visits_note_amount_sync; drop function public.pgphase_visits_note_amount_sync(); 14 more changes
--   number:      3 of 4 in this phase
--   why:         In one transaction, so that every application sees either the old state or the new one. The old columns stay, and follow the new ones.
--   locks:       ACCESS EXCLUSIVE on public.visits (reads and writes wait), ACCESS EXCLUSIVE on public.visits_0 (reads and writes wait), ACCESS EXCLUSIVE on public.visits_rest (reads and writes wait), ACCESS EXCLUSIVE on public.visits_rest_0 (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = public;
LOCK TABLE public.visits IN ACCESS EXCLUSIVE MODE;
DO $$
#variable_conflict use_column
DECLARE
    found bigint;
    sample text;
BEGIN
    SELECT pg_catalog.count(*) INTO found FROM (SELECT relid FROM pg_catalog.pg_partition_tree('public.visits'::pg_catalog.regclass) AS tree WHERE NOT EXISTS (SELECT FROM pg_catalog.unnest(ARRAY['public.visits', 'public.visits_0', 'public.visits_rest', 'public.visits_rest_0']) AS known WHERE pg_catalog.to_regclass(known) = tree.relid) AND EXISTS (SELECT FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attname IN ('note', 'amount')
WHERE c.oid = tree.relid AND (
    c.relkind = 'f' OR a.attacl IS NOT NULL OR pg_catalog.col_description(c.oid, a.attnum) IS NOT NULL
    OR EXISTS (
        SELECT FROM pg_catalog.pg_attrdef d WHERE d.adrelid = c.oid AND d.adnum = a.attnum
        AND pg_catalog.pg_get_expr(d.adbin, d.adrelid) IS DISTINCT FROM (
            SELECT pg_catalog.pg_get_expr(t.adbin, t.adrelid) FROM pg_catalog.pg_attrdef t
            JOIN pg_catalog.pg_attribute o ON o.attrelid = t.adrelid AND o.attnum = t.adnum
            WHERE t.adrelid = 'public.visits'::pg_catalog.regclass AND o.attname = a.attname
        )
    ) OR EXISTS (
        SELECT FROM pg_catalog.pg_depend d
        WHERE d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid = c.oid AND d.refobjsubid = a.attnum
        AND d.classid <> 'pg_catalog.pg_attrdef'::pg_catalog.regclass
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_class i WHERE d.classid = i.tableoid AND i.oid = d.objid AND i.relispartition AND i.oid <> c.oid)
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE d.classid = k.tableoid AND k.oid = d.objid AND (k.coninhcount > 0 OR k.conparentid <> 0))
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_trigger g WHERE d.classid = g.tableoid AND g.oid = d.objid AND g.tgparentid <> 0)
    )
))) AS pgphase_row;
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
            ) FROM (SELECT relid FROM pg_catalog.pg_partition_tree('public.visits'::pg_catalog.regclass) AS tree WHERE NOT EXISTS (SELECT FROM pg_catalog.unnest(ARRAY['public.visits', 'public.visits_0', 'public.visits_rest', 'public.visits_rest_0']) AS known WHERE pg_catalog.to_regclass(known) = tree.relid) AND EXISTS (SELECT FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attname IN ('note', 'amount')
WHERE c.oid = tree.relid AND (
    c.relkind = 'f' OR a.attacl IS NOT NULL OR pg_catalog.col_description(c.oid, a.attnum) IS NOT NULL
    OR EXISTS (
        SELECT FROM pg_catalog.pg_attrdef d WHERE d.adrelid = c.oid AND d.adnum = a.attnum
        AND pg_catalog.pg_get_expr(d.adbin, d.adrelid) IS DISTINCT FROM (
            SELECT pg_catalog.pg_get_expr(t.adbin, t.adrelid) FROM pg_catalog.pg_attrdef t
            JOIN pg_catalog.pg_attribute o ON o.attrelid = t.adrelid AND o.attnum = t.adnum
            WHERE t.adrelid = 'public.visits'::pg_catalog.regclass AND o.attname = a.attname
        )
    ) OR EXISTS (
        SELECT FROM pg_catalog.pg_depend d
        WHERE d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid = c.oid AND d.refobjsubid = a.attnum
        AND d.classid <> 'pg_catalog.pg_attrdef'::pg_catalog.regclass
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_class i WHERE d.classid = i.tableoid AND i.oid = d.objid AND i.relispartition AND i.oid <> c.oid)
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE d.classid = k.tableoid AND k.oid = d.objid AND (k.coninhcount > 0 OR k.conparentid <> 0))
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_trigger g WHERE d.classid = g.tableoid AND g.oid = d.objid AND g.tgparentid <> 0)
    )
))) AS pgphase_row LIMIT 3
        ) AS picked (named);
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = found || CASE WHEN found = 1 THEN ' row of public.visits in pg_partition_tree name partitions that came after the plan was made, and are foreign or have something of their own over a column that goes: detach them until contract is done, or roll back and plan again' ELSE ' rows of public.visits in pg_partition_tree name partitions that came after the plan was made, and are foreign or have something of their own over a column that goes: detach them until contract is done, or roll back and plan again' END,
            DETAIL = coalesce('Among them: ' || sample, 'They have no primary key to name them by.'),
            HINT = 'Correct these rows, then run the phase again.';
    END IF;
END
$$;
DROP TRIGGER pgphase_visits_note_amount_sync ON public.visits;
DROP FUNCTION public.pgphase_visits_note_amount_sync();
DROP SEQUENCE public.pgphase_visits_note_amount_old;
ALTER TABLE public.visits DROP CONSTRAINT visits_amount;
ALTER TABLE public.visits ALTER COLUMN amount DROP DEFAULT;
ALTER TABLE public.visits ALTER COLUMN amount DROP NOT NULL;
ALTER TABLE public.visits RENAME COLUMN note TO pgphase_note_old;
ALTER TABLE public.visits RENAME COLUMN amount TO pgphase_amount_old;
ALTER TABLE public.visits RENAME COLUMN pgphase_amount_new TO amount;
ALTER TABLE public.visits ALTER COLUMN amount SET NOT NULL;
ALTER TABLE public.visits DROP CONSTRAINT pgphase_amount_not_null;
ALTER TABLE public.visits ALTER COLUMN amount SET DEFAULT 1;
ALTER TABLE public.visits RENAME CONSTRAINT pgphase_visits_amount_new TO visits_amount;
CREATE SEQUENCE public.pgphase_visits_note_amount_misfits;
GRANT SELECT, UPDATE ON SEQUENCE public.pgphase_visits_note_amount_misfits TO PUBLIC;
CREATE FUNCTION public.pgphase_visits_note_amount_sync_back()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    pgphase_2 bigint;
    pgphase_misfit boolean := false;
    pgphase_was_1 text := NEW.pgphase_note_old;
    pgphase_was_2 integer := NEW.pgphase_amount_old;
BEGIN
    NEW.pgphase_note_old := NEW.remark;
    BEGIN
        pgphase_2 := NEW.pgphase_amount_old;
        IF NEW.amount IS DISTINCT FROM pgphase_2 THEN
            NEW.pgphase_amount_old := NEW.amount;
            pgphase_2 := NEW.pgphase_amount_old;
        END IF;
        IF NEW.amount IS DISTINCT FROM pgphase_2 THEN
            NEW.pgphase_amount_old := NULL;
            pgphase_misfit := true;
        END IF;
    EXCEPTION WHEN OTHERS THEN
        NEW.pgphase_amount_old := NULL;
        pgphase_misfit := true;
    END;
    IF pgphase_misfit THEN
        IF has_schema_privilege('public', 'USAGE') THEN
            PERFORM nextval('public.pgphase_visits_note_amount_misfits'::regclass);
        END IF;
    END IF;
    -- What came here and is not what the new column stands for was meant for the column that stood in this place.
    IF TG_OP = 'INSERT' AND (pgphase_was_1 IS NOT NULL AND ROW(pgphase_was_1)::record OPERATOR(pg_catalog.*<>) ROW(NEW.pgphase_note_old)::record OR pgphase_was_2 IS NOT NULL AND ROW(pgphase_was_2)::record OPERATOR(pg_catalog.*<>) ROW(NEW.pgphase_amount_old)::record) THEN
        RAISE EXCEPTION 'the columns of %.% stand in another order than before', TG_TABLE_SCHEMA, TG_TABLE_NAME
            USING HINT = 'Name the columns in the INSERT or COPY.';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER pgphase_visits_note_amount_sync_back
    BEFORE INSERT OR UPDATE ON public.visits
    FOR EACH ROW
    EXECUTE FUNCTION public.pgphase_visits_note_amount_sync_back();
ALTER TABLE public.visits ENABLE ALWAYS TRIGGER pgphase_visits_note_amount_sync_back;
COMMIT;

-- step contract-4 [5775d144fe8d]: drop trigger public.visits.pgphase_visits_note_amount_sync_back; drop function public.pgphase_visits_note_amount_sync_back(); 3 more changes
--   number:      4 of 4 in this phase
--   why:         When the cool-down is over there is no way back.
--   locks:       ACCESS EXCLUSIVE on public.visits (reads and writes wait), ACCESS EXCLUSIVE on public.visits_0 (reads and writes wait), ACCESS EXCLUSIVE on public.visits_rest (reads and writes wait), ACCESS EXCLUSIVE on public.visits_rest_0 (reads and writes wait)
--   duration:    short, whatever the size of the tables
--   transaction: one of its own
--   hazard:      old-shape:column public.visits.pgphase_note_old: The column public.visits.note goes; the same values are in column public.visits.remark, which stands last among the columns.
--   hazard:      old-shape:column public.visits.pgphase_amount_old: The column public.visits.amount as integer goes; with the same values it is bigint from here on, and stands last among the columns. Prepared statements over it fail once.
\echo 'The cool-down begins: what is left of this file is for 24h later.'
\quit
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = '';
DROP TRIGGER pgphase_visits_note_amount_sync_back ON public.visits;
DROP FUNCTION public.pgphase_visits_note_amount_sync_back();
DROP SEQUENCE public.pgphase_visits_note_amount_misfits;
ALTER TABLE public.visits DROP COLUMN pgphase_note_old;
ALTER TABLE public.visits DROP COLUMN pgphase_amount_old;
COMMIT;
