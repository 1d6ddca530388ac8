CREATE TABLE keep (id bigint PRIMARY KEY);
CREATE FUNCTION join_step(state text, item text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT state || item || ';' $$;
CREATE AGGREGATE join_all(text) (SFUNC = join_step, STYPE = text, INITCOND = '');
CREATE AGGREGATE sum_of(integer) (SFUNC = int4_sum, STYPE = bigint, PARALLEL = safe);
COMMENT ON AGGREGATE join_all(text) IS 'glues';
