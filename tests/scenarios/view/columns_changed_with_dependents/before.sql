CREATE TABLE users (id bigint PRIMARY KEY, email text, active boolean);
CREATE VIEW v1 AS SELECT id, email, active FROM users;
CREATE VIEW v2 AS SELECT id, email FROM v1 WHERE active;
CREATE VIEW v3 AS SELECT count(*) AS n FROM v2;
COMMENT ON VIEW v2 IS 'stays';
COMMENT ON COLUMN v2.email IS 'stays too';
