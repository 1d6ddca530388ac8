CREATE TABLE item (id bigint PRIMARY KEY, size integer);
CREATE FUNCTION f() RETURNS bigint LANGUAGE sql STABLE BEGIN ATOMIC SELECT max(item.size)::bigint AS max FROM item; END;
