CREATE TABLE users (id bigint PRIMARY KEY, email text);
CREATE INDEX users_email_idx ON users (email) WITH (fillfactor = 70, deduplicate_items = off);
