CREATE TABLE a (id int, x int);
CREATE TABLE b (id int, x int);
CREATE TABLE c () INHERITS (a, b);
