CREATE TABLE users (id bigint PRIMARY KEY, email text);
CREATE VIEW u AS SELECT email, id FROM users;
GRANT SELECT ON u TO app_reader;
GRANT SELECT (email) ON u TO app_writer;
