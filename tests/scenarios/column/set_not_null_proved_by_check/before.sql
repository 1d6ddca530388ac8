CREATE TABLE users (id bigint PRIMARY KEY, email text, CONSTRAINT users_email_there CHECK (email IS NOT NULL));
