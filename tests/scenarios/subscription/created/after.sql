CREATE TABLE t (a integer PRIMARY KEY);
CREATE SUBSCRIPTION bare CONNECTION 'host=publisher.invalid dbname=a' PUBLICATION p WITH (connect = false, slot_name = NONE);
CREATE SUBSCRIPTION dumped CONNECTION 'host=publisher.invalid password=''it\''s''' PUBLICATION "Two", one
    WITH (connect = false, slot_name = 'dumped', binary = true, streaming = on, synchronous_commit = 'local');
COMMENT ON SUBSCRIPTION dumped IS 'from a dump';
