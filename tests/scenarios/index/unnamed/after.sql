CREATE TABLE users (id bigint PRIMARY KEY, email text, name text);
CREATE INDEX ON users (email, name);
CREATE INDEX ON users (lower(name));
CREATE INDEX ON users (email);
