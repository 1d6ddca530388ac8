CREATE TABLE users (id bigint PRIMARY KEY, email text, active boolean);
CREATE UNIQUE INDEX users_lookup_idx ON users (email) WHERE active;
COMMENT ON INDEX users_lookup_idx IS 'one active user per address';
