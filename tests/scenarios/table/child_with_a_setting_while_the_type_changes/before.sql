CREATE TABLE p (id integer, size integer DEFAULT 1);
CREATE TABLE p1 () INHERITS (p);
