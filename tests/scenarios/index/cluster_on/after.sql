CREATE TABLE users (id bigint PRIMARY KEY, email text);
CREATE INDEX users_email_idx ON users (email);
ALTER TABLE users CLUSTER ON users_email_idx;
