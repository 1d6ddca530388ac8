CREATE FUNCTION f(a integer) RETURNS text LANGUAGE sql AS $$ SELECT 'int' $$;
CREATE FUNCTION f(a numeric, b text[] DEFAULT '{}') RETURNS text LANGUAGE sql AS $$ SELECT 'numeric' $$;
CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $$ SELECT 'nothing' $$;
