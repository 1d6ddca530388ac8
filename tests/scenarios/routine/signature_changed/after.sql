CREATE FUNCTION find(name text, limit_to integer) RETURNS integer LANGUAGE sql AS $$ SELECT 2 $$;
