CREATE TABLE t (id bigint PRIMARY KEY, v integer, w text);
CREATE VIEW x AS SELECT t.id, t.v FROM t;
CREATE FUNCTION number(r x) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT r.id';
CREATE FUNCTION other(r x) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT r.v';
CREATE VIEW y AS SELECT x.id, number(x.*) AS n, other(x.*) AS o FROM x;
CREATE VIEW z AS SELECT y.n, y.o FROM y;
