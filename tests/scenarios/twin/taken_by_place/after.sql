CREATE TABLE item (id bigint PRIMARY KEY, size bigint, note text);
CREATE FUNCTION f() RETURNS void LANGUAGE sql BEGIN ATOMIC INSERT INTO item VALUES (7, 8, 'x'); END;
