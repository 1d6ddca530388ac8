CREATE FUNCTION find(name text) RETURNS integer LANGUAGE sql AS $$ SELECT 1 $$;
