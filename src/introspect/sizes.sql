-- Rows (as last counted) and bytes of some tables; a table with partitions or heirs counts theirs. Where a leaf has never been
-- counted and is not empty, the rows are not known.
WITH RECURSIVE tree AS (
    SELECT c.oid AS root, c.oid AS member
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    JOIN ROWS FROM (pg_catalog.unnest($1::pg_catalog.text[]), pg_catalog.unnest($2::pg_catalog.text[])) AS asked (namespace, name)
      ON asked.namespace = n.nspname AND asked.name = c.relname
    WHERE c.relkind IN ('r', 'p')
    UNION
    SELECT tree.root, i.inhrelid
    FROM tree
    JOIN pg_catalog.pg_inherits i ON i.inhparent = tree.member
)
SELECT n.nspname::pg_catalog.text,
       root.relname::pg_catalog.text,
       CASE WHEN pg_catalog.bool_or(c.relkind = 'r' AND c.reltuples < 0 AND pg_catalog.pg_relation_size(c.oid) > 0) THEN NULL
            ELSE pg_catalog.sum(CASE WHEN c.relkind = 'r' THEN GREATEST(c.reltuples, 0) ELSE 0 END)::pg_catalog.int8
       END,
       COALESCE(pg_catalog.sum(pg_catalog.pg_total_relation_size(c.oid)), 0)::pg_catalog.int8,
       COALESCE(pg_catalog.sum(pg_catalog.pg_relation_size(c.oid)), 0)::pg_catalog.int8
FROM tree
JOIN pg_catalog.pg_class root ON root.oid = tree.root
JOIN pg_catalog.pg_namespace n ON n.oid = root.relnamespace
JOIN pg_catalog.pg_class c ON c.oid = tree.member
GROUP BY 1, 2
