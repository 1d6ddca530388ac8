CREATE TABLE keep (id bigint PRIMARY KEY);
CREATE FUNCTION plus(a integer, b integer DEFAULT 1) RETURNS integer LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF COST 7 AS 'SELECT a + b';
CREATE FUNCTION rows_of(n integer, OUT i integer, OUT label text) RETURNS SETOF record LANGUAGE plpgsql ROWS 50 SECURITY DEFINER SET search_path TO 'public', 'pg_temp' SET work_mem = '8MB' AS $body$
BEGIN
    FOR i IN 1..n LOOP
        label := 'row ' || i;
        RETURN NEXT;
    END LOOP;
END
$body$;
CREATE FUNCTION listed(VARIADIC items text[]) RETURNS TABLE (item text, place bigint) LANGUAGE sql STABLE AS $$ SELECT * FROM unnest(items) WITH ORDINALITY $$;
CREATE FUNCTION same(anyelement) RETURNS anyelement LANGUAGE sql AS $$ SELECT $1 $$;
