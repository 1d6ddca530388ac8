CREATE TABLE t (id bigint PRIMARY KEY, room int, during int4range, CONSTRAINT t_free EXCLUDE USING gist (during WITH &&, int4range(room, room + 1) WITH =) WHERE (room > 0));
