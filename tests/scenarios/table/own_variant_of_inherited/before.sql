CREATE TABLE a (id bigint, note text);
CREATE TABLE c (note text DEFAULT 'own', more integer) INHERITS (a);
