CREATE TYPE triple AS (a int, b int, c int);
CREATE TABLE t (id int PRIMARY KEY, x triple);
