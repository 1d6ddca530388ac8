CREATE TYPE pair AS (a int, b int);
CREATE FUNCTION pair_cmp(pair, pair) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT ($1).a - ($2).a $$;
CREATE FUNCTION pair_lt(pair, pair) RETURNS bool LANGUAGE sql IMMUTABLE AS $$ SELECT ($1).a < ($2).a $$;
CREATE FUNCTION pair_gt(pair, pair) RETURNS bool LANGUAGE sql IMMUTABLE AS $$ SELECT ($1).a > ($2).a $$;
CREATE FUNCTION pair_ge(pair, pair) RETURNS bool LANGUAGE sql IMMUTABLE AS $$ SELECT ($1).a >= ($2).a $$;
CREATE FUNCTION pair_le(pair, pair) RETURNS bool LANGUAGE sql IMMUTABLE AS $$ SELECT ($1).a <= ($2).a $$;
CREATE FUNCTION pair_eq(pair, pair) RETURNS bool LANGUAGE sql IMMUTABLE AS $$ SELECT ($1).a = ($2).a $$;
CREATE FUNCTION pair_neg(pair) RETURNS pair LANGUAGE sql IMMUTABLE AS $$ SELECT ROW(- ($1).a, - ($1).b)::pair $$;
CREATE OPERATOR <<< (LEFTARG = pair, RIGHTARG = pair, FUNCTION = pair_lt, COMMUTATOR = >>>, NEGATOR = >>=, RESTRICT = scalarltsel, JOIN = scalarltjoinsel);
CREATE OPERATOR >>> (LEFTARG = pair, RIGHTARG = pair, PROCEDURE = pair_gt);
CREATE OPERATOR >>= (LEFTARG = pair, RIGHTARG = pair, FUNCTION = pair_ge);
CREATE OPERATOR <<= (LEFTARG = pair, RIGHTARG = pair, FUNCTION = pair_le);
CREATE OPERATOR === (LEFTARG = pair, RIGHTARG = pair, FUNCTION = pair_eq, COMMUTATOR = ===, HASHES, MERGES);
CREATE OPERATOR !! (RIGHTARG = pair, FUNCTION = pair_neg);
COMMENT ON OPERATOR === (pair, pair) IS 'alike';
COMMENT ON OPERATOR !! (NONE, pair) IS 'turned';
CREATE OPERATOR FAMILY pairs USING btree;
CREATE OPERATOR CLASS pair_ops FOR TYPE pair USING btree FAMILY pairs AS
    OPERATOR 1 <<<, OPERATOR 2 <<= , OPERATOR 3 === (pair, pair), OPERATOR 4 >>=, OPERATOR 5 >>>,
    FUNCTION 1 pair_cmp(pair, pair);
COMMENT ON OPERATOR CLASS pair_ops USING btree IS 'by the first';
CREATE FUNCTION int4_hash2(int4) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT $1 $$;
CREATE OPERATOR CLASS int_other FOR TYPE int4 USING hash AS OPERATOR 1 =, FUNCTION 1 int4_hash2(int4);
CREATE TABLE t (p pair, CHECK (p === ROW(1, 2)::pair OR p IS NULL));
CREATE INDEX t_p ON t (p pair_ops);
CREATE VIEW v AS SELECT * FROM t WHERE p <<< ROW(3, 4)::pair;
