CREATE TABLE a (id bigint, note text);
CREATE TABLE c (note text, more integer) INHERITS (a);
