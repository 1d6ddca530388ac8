CREATE TYPE pair AS (a bigint, b int);
CREATE TABLE t (id int PRIMARY KEY, xs pair[]);
