CREATE TABLE t (a integer CONSTRAINT given NOT NULL, b integer NOT NULL);
CREATE TABLE u (a integer CONSTRAINT given NOT NULL, b integer NOT NULL);
