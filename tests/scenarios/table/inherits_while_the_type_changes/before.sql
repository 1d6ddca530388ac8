CREATE TABLE p (id integer, size integer);
CREATE TABLE p2 (id integer, size integer);
