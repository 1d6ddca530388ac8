CREATE TABLE users (id bigint PRIMARY KEY, email text, name text);
CREATE UNIQUE INDEX users_email_idx ON users (email) INCLUDE (name, id);
