CREATE TABLE users (id bigint PRIMARY KEY, email text);
-- @renamed_from email_idx
CREATE INDEX users_email_idx ON users (email);
