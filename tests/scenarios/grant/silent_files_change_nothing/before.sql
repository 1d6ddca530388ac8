CREATE TABLE users (id bigint PRIMARY KEY, email text);
GRANT SELECT ON users TO app_reader;
ALTER TABLE users OWNER TO app_owner;
