CREATE TABLE users (id bigint PRIMARY KEY, email text, age integer, CONSTRAINT users_age_check CHECK (age > 0));
CREATE INDEX users_age_idx ON users (age);
CREATE INDEX users_email_age_idx ON users (email, age);
