CREATE TABLE users (id bigint PRIMARY KEY, email text, phone text);
GRANT SELECT ON users TO app_reader;
