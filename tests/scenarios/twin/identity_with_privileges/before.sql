CREATE TABLE counted (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, line text);
GRANT USAGE ON SEQUENCE counted_id_seq TO PUBLIC;
CREATE TABLE was_serial (id serial PRIMARY KEY, line text);
GRANT USAGE ON SEQUENCE was_serial_id_seq TO PUBLIC;
CREATE TABLE was_int (id serial PRIMARY KEY, line text);
GRANT USAGE ON SEQUENCE was_int_id_seq TO PUBLIC;
CREATE TABLE was_identity (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, line text);
GRANT USAGE ON SEQUENCE was_identity_id_seq TO PUBLIC;
