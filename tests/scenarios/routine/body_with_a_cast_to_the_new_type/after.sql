CREATE TABLE item (id bigint PRIMARY KEY, size bigint);
CREATE FUNCTION f() RETURNS bigint LANGUAGE sql STABLE BEGIN ATOMIC SELECT max(item.size) AS max FROM item; END;
