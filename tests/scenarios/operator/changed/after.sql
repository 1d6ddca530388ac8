CREATE FUNCTION same(int, text) RETURNS bool LANGUAGE sql IMMUTABLE AS $$ SELECT true $$;
CREATE FUNCTION other(int, text) RETURNS bool LANGUAGE sql IMMUTABLE AS $$ SELECT false $$;
CREATE OPERATOR ==> (LEFTARG = int, RIGHTARG = text, FUNCTION = other);
CREATE OPERATOR <== (LEFTARG = int, RIGHTARG = text, FUNCTION = same);
ALTER OPERATOR <== (int, text) SET (RESTRICT = NONE, JOIN = eqjoinsel);
CREATE OPERATOR FAMILY fam USING btree;
ALTER OPERATOR FAMILY fam USING btree ADD OPERATOR 1 < (int4, int2), FUNCTION 1 (int4, int8) btint48cmp(int4, int8);
