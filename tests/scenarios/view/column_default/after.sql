CREATE TABLE users (id bigint PRIMARY KEY, plan text);
CREATE VIEW u AS SELECT id, plan FROM users;
ALTER VIEW u ALTER COLUMN plan SET DEFAULT 'free';
