-- $1 what is needed, $2 namespaces, $3 names. One sentence for each right that the current role does not have; nothing for
-- objects that are not there. pg_has_role(.., 'USAGE') is how the server itself tells who counts as owner.
WITH RECURSIVE need AS (
    SELECT n.what, n.namespace, n.name, s.oid AS in_namespace, s.nspowner
      FROM unnest($1::text[], $2::text[], $3::text[]) AS n (what, namespace, name)
           LEFT JOIN pg_catalog.pg_namespace s ON s.nspname = n.namespace),
relation AS (
    SELECT n.what, n.nspowner, c.oid FROM need n JOIN pg_catalog.pg_class c ON c.relnamespace = n.in_namespace AND c.relname = n.name
     WHERE n.what IN ('own', 'tree', 'drop', 'TRIGGER', 'REFERENCES', 'UPDATE', 'SELECT')
    UNION
    SELECT r.what, r.nspowner, i.inhrelid FROM relation r JOIN pg_catalog.pg_inherits i ON i.inhparent = r.oid
     WHERE r.what IN ('tree', 'UPDATE')),
missing AS (
    SELECT CASE WHEN r.what IN ('own', 'tree', 'drop') THEN 'ownership of ' ELSE r.what || ' on ' END
           || pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname)
           || CASE WHEN r.what IN ('own', 'tree', 'drop') THEN ', which belongs to ' || pg_catalog.pg_get_userbyid(c.relowner) ELSE '' END AS line
      FROM relation r JOIN pg_catalog.pg_class c ON c.oid = r.oid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE CASE WHEN r.what IN ('own', 'tree') THEN NOT pg_catalog.pg_has_role(c.relowner, 'USAGE')
                WHEN r.what = 'drop' THEN NOT pg_catalog.pg_has_role(c.relowner, 'USAGE') AND NOT pg_catalog.pg_has_role(r.nspowner, 'USAGE')
                WHEN r.what = 'TRIGGER' THEN NOT pg_catalog.has_table_privilege(c.oid, 'TRIGGER')
                ELSE NOT pg_catalog.has_any_column_privilege(c.oid, r.what) END
    UNION
    SELECT 'sight of every row of ' || pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname)
           || ', some of which its row-level security may hide'
      FROM relation r JOIN pg_catalog.pg_class c ON c.oid = r.oid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE r.what IN ('UPDATE', 'SELECT') AND pg_catalog.row_security_active(c.oid)
    UNION
    SELECT 'ownership of type ' || pg_catalog.format('%I.%I', n.namespace, n.name) || ', which belongs to ' || pg_catalog.pg_get_userbyid(t.typowner)
      FROM need n JOIN pg_catalog.pg_type t ON t.typnamespace = n.in_namespace AND t.typname = n.name
     WHERE n.what = 'type' AND NOT pg_catalog.pg_has_role(t.typowner, 'USAGE')
    UNION
    SELECT 'ownership of routine ' || pg_catalog.format('%I.%I', n.namespace, n.name) || ', which belongs to ' || pg_catalog.pg_get_userbyid(p.proowner)
      FROM need n JOIN pg_catalog.pg_proc p ON p.pronamespace = n.in_namespace AND p.proname = n.name
     WHERE n.what = 'routine' AND NOT pg_catalog.pg_has_role(p.proowner, 'USAGE')
       AND NOT EXISTS (SELECT FROM pg_catalog.pg_proc o WHERE o.pronamespace = p.pronamespace AND o.proname = p.proname AND o.oid <> p.oid)
    UNION
    SELECT 'ownership of namespace ' || pg_catalog.quote_ident(s.nspname) || ', which belongs to ' || pg_catalog.pg_get_userbyid(s.nspowner)
      FROM need n JOIN pg_catalog.pg_namespace s ON s.nspname = n.name
     WHERE n.what = 'namespace' AND NOT pg_catalog.pg_has_role(s.nspowner, 'USAGE')
    UNION
    SELECT 'CREATE on namespace ' || pg_catalog.quote_ident(n.namespace)
      FROM need n WHERE n.what = 'create' AND n.in_namespace IS NOT NULL AND NOT pg_catalog.has_schema_privilege(n.in_namespace, 'CREATE')
    UNION
    SELECT 'CREATE on database ' || pg_catalog.quote_ident(pg_catalog.current_database())
      FROM need n WHERE n.what = 'database' AND NOT pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE')
    UNION
    SELECT 'membership in role ' || pg_catalog.quote_ident(r.rolname)
      FROM need n JOIN pg_catalog.pg_roles r ON r.rolname = n.name
     WHERE n.what = 'member' AND NOT pg_catalog.pg_has_role(r.oid, 'MEMBER'))
SELECT line FROM missing ORDER BY line
