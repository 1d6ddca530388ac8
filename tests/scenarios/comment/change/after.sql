CREATE TABLE users (id bigint PRIMARY KEY);
COMMENT ON TABLE users IS 'new';
