CREATE TABLE users (id bigint PRIMARY KEY, email text, phone text, active boolean);
CREATE INDEX users_lookup_idx ON users (email) WHERE active;
COMMENT ON INDEX users_lookup_idx IS 'from now on';
CREATE INDEX users_phone_idx ON users (phone, email);
