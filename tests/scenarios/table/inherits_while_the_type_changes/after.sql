CREATE TABLE p (id integer, size bigint);
CREATE TABLE p2 (id integer, size bigint) INHERITS (p);
