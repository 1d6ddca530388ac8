CREATE FUNCTION answer(a integer) RETURNS integer LANGUAGE sql SECURITY DEFINER SET search_path = public AS $$ SELECT a $$;
