CREATE TABLE users (id bigint PRIMARY KEY, email text, phone text);
GRANT SELECT, INSERT, UPDATE ON users TO app_writer WITH GRANT OPTION;
GRANT SELECT (id, email), UPDATE (email) ON users TO app_reader;
