CREATE TABLE users (id bigint PRIMARY KEY, email text, phone text, active boolean);
CREATE UNIQUE INDEX users_lookup_idx ON users (email) WHERE active;
CREATE INDEX users_phone_idx ON users (phone);
COMMENT ON INDEX users_phone_idx IS 'until now';
