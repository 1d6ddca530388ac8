CREATE TABLE pair (a integer, b integer);
CREATE FUNCTION f(p pair) RETURNS integer LANGUAGE sql AS $$ SELECT 1 $$;
