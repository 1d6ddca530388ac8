CREATE TABLE users (id bigint PRIMARY KEY, email text, first text, last text);
CREATE INDEX users_email_lower_idx ON users (lower(email));
CREATE INDEX users_name_idx ON users ((first || ' ' || last), id);
