CREATE TABLE p (id integer, size integer NOT NULL, CONSTRAINT k CHECK (size > 0), more text) PARTITION BY LIST (id);
CREATE TABLE c (id integer, size integer);
