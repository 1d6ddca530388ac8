CREATE FUNCTION f(a integer) RETURNS text LANGUAGE sql AS $$ SELECT 'integer' $$;
CREATE FUNCTION f(a text) RETURNS text LANGUAGE sql AS $$ SELECT 'text' $$;
