CREATE TABLE users (id bigint PRIMARY KEY, active boolean);
CREATE VIEW active_users WITH (security_barrier = true) AS SELECT id, active FROM users WHERE active WITH LOCAL CHECK OPTION;
