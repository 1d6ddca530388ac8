CREATE TABLE users (id bigint PRIMARY KEY, email text);
CREATE TABLE log (what text);
CREATE VIEW u AS SELECT id, email FROM users;
