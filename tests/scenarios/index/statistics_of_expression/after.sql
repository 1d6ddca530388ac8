CREATE TABLE users (id bigint PRIMARY KEY, email text);
CREATE INDEX users_email_idx ON users (lower(email));
ALTER INDEX users_email_idx ALTER COLUMN 1 SET STATISTICS 700;
