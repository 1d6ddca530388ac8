CREATE TABLE p (id integer, size integer);
CREATE TABLE c (id integer, size integer) INHERITS (p);
