CREATE TABLE p (id integer, size integer, CONSTRAINT k CHECK (size > 0));
CREATE TABLE c (id integer, size integer);
