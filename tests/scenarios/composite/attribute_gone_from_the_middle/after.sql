CREATE TYPE triple AS (a int, c int);
CREATE TABLE t (id int PRIMARY KEY, x triple);
