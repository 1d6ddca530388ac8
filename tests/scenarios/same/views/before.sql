CREATE TABLE t (id bigint PRIMARY KEY, a integer, b text);
CREATE TABLE u (id bigint PRIMARY KEY, t_id bigint);
CREATE VIEW v AS SELECT t.id, t.a, u.id AS uid FROM t INNER JOIN u ON u.t_id = t.id WHERE t.a IN (1, 2) AND t.b NOT LIKE 'x%' ORDER BY t.a;
