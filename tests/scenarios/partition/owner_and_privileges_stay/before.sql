CREATE TABLE job (id bigint PRIMARY KEY, line text);
ALTER TABLE job OWNER TO app_owner;
GRANT SELECT (id) ON job TO app_reader;
GRANT SELECT, INSERT ON job TO app_writer;
ALTER TABLE job ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON job TO app_writer USING (id > 10);
