CREATE FUNCTION twice(a integer) RETURNS integer LANGUAGE sql AS $$ SELECT $1 * 2 $$;
COMMENT ON FUNCTION twice(integer) IS 'doubles';
