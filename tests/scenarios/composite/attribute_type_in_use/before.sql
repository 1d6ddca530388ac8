CREATE TYPE pair AS (a int, b text);
COMMENT ON TYPE pair IS 'two at once';
COMMENT ON COLUMN pair.a IS 'the first';
CREATE TABLE t (id int PRIMARY KEY, x pair NOT NULL, y pair DEFAULT ROW(1, 'one')::pair, CHECK ((x).a > 0));
CREATE VIEW firsts AS SELECT id, (x).a AS a FROM t;
CREATE FUNCTION swapped(p pair) RETURNS text LANGUAGE sql AS 'SELECT (p).b || (p).a';
