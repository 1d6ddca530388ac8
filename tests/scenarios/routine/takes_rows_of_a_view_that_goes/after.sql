CREATE TABLE t (id bigint PRIMARY KEY, v integer, w text);
CREATE FUNCTION number(r bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT r';
CREATE VIEW y AS SELECT t.id, number(t.id) AS n, t.v::bigint AS o FROM t;
CREATE VIEW z AS SELECT y.n, y.o FROM y;
