CREATE TABLE a (id int, x bigint);
CREATE TABLE b (id int, x bigint);
CREATE TABLE c () INHERITS (a, b);
