CREATE TABLE to_the_one_before (id bigint PRIMARY KEY, note text);
CREATE TABLE had_some (id bigint PRIMARY KEY, note text);
CREATE TABLE silent (id bigint PRIMARY KEY, note text);
CREATE TABLE of_a_reader (id bigint PRIMARY KEY, note text);
ALTER TABLE to_the_one_before OWNER TO app_writer;
ALTER TABLE had_some OWNER TO app_writer;
ALTER TABLE silent OWNER TO app_writer;
ALTER TABLE of_a_reader OWNER TO app_writer;
GRANT SELECT, UPDATE ON to_the_one_before TO app_owner;
REVOKE ALL ON had_some FROM app_owner;
GRANT SELECT (note) ON of_a_reader TO app_reader;
-- Its sequence goes along.
CREATE TABLE numbered (id serial, note text);
ALTER TABLE numbered OWNER TO app_writer;
GRANT USAGE ON SEQUENCE numbered_id_seq TO app_owner;
