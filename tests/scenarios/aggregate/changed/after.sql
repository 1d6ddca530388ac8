CREATE FUNCTION join_step(state text, item text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT state || item || ';' $$;
CREATE AGGREGATE join_all(text) (SFUNC = join_step, STYPE = text, INITCOND = '>');
