CREATE TABLE users (id bigint PRIMARY KEY, email text, name text, CONSTRAINT users_email_key UNIQUE (email) INCLUDE (name));
