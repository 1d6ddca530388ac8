CREATE TABLE users (id bigint PRIMARY KEY);
COMMENT ON TABLE users IS 'old';
COMMENT ON COLUMN users.id IS 'gone soon';
