CREATE DOMAIN amount AS int;
CREATE TABLE t (id int PRIMARY KEY, x amount, xs amount[]);
