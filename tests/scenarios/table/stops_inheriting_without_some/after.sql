CREATE TABLE a (id bigint, note text);
CREATE TABLE b (id bigint, at date);
CREATE TABLE c (note text DEFAULT 'own', more integer);
