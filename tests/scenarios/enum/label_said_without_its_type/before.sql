CREATE TYPE stage AS ENUM ('a', 'b');
CREATE TABLE t (id int PRIMARY KEY, s stage DEFAULT 'a');
