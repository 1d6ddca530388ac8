CREATE TABLE p (id integer,
-- @renamed_from size
extent integer);
CREATE TABLE c (id integer, extent integer) INHERITS (p);
