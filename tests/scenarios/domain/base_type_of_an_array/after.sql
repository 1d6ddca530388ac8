CREATE DOMAIN amount AS bigint;
CREATE TABLE t (id int PRIMARY KEY, x amount, xs amount[]);
