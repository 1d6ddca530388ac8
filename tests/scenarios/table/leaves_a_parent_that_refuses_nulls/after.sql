CREATE TABLE p (id integer, size integer NOT NULL);
CREATE TABLE c (id integer, size integer);
