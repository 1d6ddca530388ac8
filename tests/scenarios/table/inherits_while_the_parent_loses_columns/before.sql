CREATE TABLE p (id integer, size integer, note text);
CREATE TABLE c (id integer, extent integer);
