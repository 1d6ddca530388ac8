CREATE TABLE users (id bigint PRIMARY KEY, email text);
CREATE TABLE log (what text);
CREATE VIEW u AS SELECT id, email FROM users;
CREATE RULE users_log AS ON INSERT TO users WHERE NEW.email IS NOT NULL DO ALSO INSERT INTO log VALUES (NEW.email);
CREATE RULE users_keep AS ON DELETE TO users DO INSTEAD NOTHING;
CREATE RULE u_update AS ON UPDATE TO u DO INSTEAD (UPDATE users SET email = NEW.email WHERE id = OLD.id; INSERT INTO log VALUES ('updated'));
COMMENT ON RULE users_keep ON users IS 'nobody leaves';
