CREATE TABLE t (id bigint PRIMARY KEY, room int, during int4range);
