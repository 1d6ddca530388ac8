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

-- step contract-1 [85a9356c411a]: check that no rows of public.visits hold another value in pgphase_id_new than in id
--   number:      1 of 2 in this phase
--   why:         Asked again right before: a partition that was attached meanwhile brings rows that no trigger has seen.
--   locks:       ACCESS SHARE on public.visits (reads and writes go on)
--   duration:    grows with the table: reads all of public.visits_0, public.visits_1
--   transaction: none needed: it only reads
SET lock_timeout = '5s';
SET search_path = DEFAULT;
DO $$
#variable_conflict use_column
DECLARE
    found bigint;
    sample text;
BEGIN
    SELECT pg_catalog.count(*) INTO found FROM (SELECT * FROM public.visits WHERE ROW(pgphase_id_new)::record OPERATOR(pg_catalog.*<>) ROW((id)::bigint)::record) AS pgphase_row;
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
            ) FROM (SELECT * FROM public.visits WHERE ROW(pgphase_id_new)::record OPERATOR(pg_catalog.*<>) ROW((id)::bigint)::record) AS pgphase_row LIMIT 3
        ) AS picked (named);
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = found || CASE WHEN found = 1 THEN ' row of public.visits holds another value in pgphase_id_new than in id' ELSE ' rows of public.visits hold another value in pgphase_id_new than in id' END,
            DETAIL = coalesce('Among them: ' || sample, 'They have no primary key to name them by.'),
            HINT = 'Correct these rows, then run the phase again.';
    END IF;
END
$$;

-- step contract-2 [c09f5e0a1890]: drop trigger public.visits.pgphase_visits_id_sync; drop function public.pgphase_visits_id_sync(); 12 more changes
--   number:      2 of 2 in this phase
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
    SELECT pg_catalog.count(*) INTO found FROM (SELECT relid FROM pg_catalog.pg_partition_tree('public.visits'::pg_catalog.regclass) AS tree WHERE NOT EXISTS (SELECT FROM pg_catalog.unnest(ARRAY['public.visits', 'public.visits_0', 'public.visits_1']) AS known WHERE pg_catalog.to_regclass(known) = tree.relid) AND EXISTS (SELECT FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attname IN ('id')
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
            ) FROM (SELECT relid FROM pg_catalog.pg_partition_tree('public.visits'::pg_catalog.regclass) AS tree WHERE NOT EXISTS (SELECT FROM pg_catalog.unnest(ARRAY['public.visits', 'public.visits_0', 'public.visits_1']) AS known WHERE pg_catalog.to_regclass(known) = tree.relid) AND EXISTS (SELECT FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attname IN ('id')
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
DO $$
DECLARE
    whole oid := (SELECT conindid FROM pg_catalog.pg_constraint WHERE conrelid = 'public.visits'::pg_catalog.regclass AND conname = 'visits_pkey');
    part record;
    parent pg_catalog.regclass;
    own pg_catalog.regclass;
    others oid[];
    filled boolean;
    lacking text[];
BEGIN
    FOR part IN
        SELECT tree.relid, tree.parentrelid, tree.isleaf, pg_catalog.format('%I.%I', n.nspname, c.relname) AS name
        FROM pg_catalog.pg_partition_tree('public.visits'::pg_catalog.regclass) AS tree
        JOIN pg_catalog.pg_class c ON c.oid = tree.relid
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE tree.level > 0 AND c.relkind <> 'f' AND NOT EXISTS (
            SELECT FROM pg_catalog.pg_index i
            WHERE i.indrelid = tree.relid AND whole IN (SELECT relid FROM pg_catalog.pg_partition_ancestors(i.indexrelid))
        )
        ORDER BY tree.level, tree.relid
    LOOP
        SELECT i.indexrelid INTO STRICT parent FROM pg_catalog.pg_index i
        WHERE i.indrelid = part.parentrelid
            AND whole IN (SELECT relid FROM pg_catalog.pg_partition_ancestors(i.indexrelid));
        -- One that says the same, and belongs to nothing yet.
        SELECT i.indexrelid INTO own FROM pg_catalog.pg_index i
        JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
        JOIN pg_catalog.pg_index w ON w.indexrelid = whole
        WHERE i.indrelid = part.relid AND part.isleaf AND i.indisvalid AND NOT c.relispartition
            AND i.indisunique = w.indisunique
            AND pg_catalog.split_part(pg_catalog.pg_get_indexdef(i.indexrelid), ' USING ', 2)
                = pg_catalog.split_part(pg_catalog.pg_get_indexdef(whole), ' USING ', 2)
            AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conindid = i.indexrelid AND conrelid = part.relid)
        LIMIT 1;
        IF own IS NULL THEN
            IF part.isleaf THEN
                EXECUTE pg_catalog.format('SELECT EXISTS (SELECT FROM %s)', part.name) INTO filled;
                IF filled THEN
                    lacking := lacking || part.name;
                    CONTINUE;
                END IF;
            END IF;
            others := ARRAY(SELECT indexrelid FROM pg_catalog.pg_index WHERE indrelid = part.relid);
            EXECUTE pg_catalog.format(CASE WHEN part.isleaf THEN 'ALTER TABLE %s ADD PRIMARY KEY (id, site)' ELSE 'ALTER TABLE ONLY %s ADD PRIMARY KEY (id, site)' END, part.name);
            SELECT indexrelid INTO STRICT own FROM pg_catalog.pg_index
            WHERE indrelid = part.relid AND indexrelid <> ALL (others);
        ELSE
            EXECUTE pg_catalog.format('ALTER TABLE %s ADD PRIMARY KEY USING INDEX %I', part.name, (SELECT relname FROM pg_catalog.pg_class WHERE oid = own));
        END IF;
        EXECUTE pg_catalog.format('ALTER INDEX %s ATTACH PARTITION %s', parent, own);
    END LOOP;
    IF lacking IS NOT NULL THEN
        RAISE EXCEPTION USING
            ERRCODE = 'object_not_in_prerequisite_state',
            MESSAGE = 'partitions have come meanwhile that have no index for constraint public.visits.visits_pkey',
            DETAIL = 'They hold rows: ' || pg_catalog.array_to_string(lacking, ', ') || '.',
            HINT = 'Run ' || (SELECT pg_catalog.string_agg(pg_catalog.format('CREATE UNIQUE INDEX CONCURRENTLY ON %s USING btree (pgphase_id_new, site)', name), '; ') FROM pg_catalog.unnest(lacking) AS name) || '; then run the phase again.';
    END IF;
END
$$;
COMMIT;
