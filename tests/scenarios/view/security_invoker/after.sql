CREATE TABLE users (id bigint PRIMARY KEY, active boolean);
CREATE VIEW active_users WITH (security_invoker) AS SELECT id FROM users WHERE active;
