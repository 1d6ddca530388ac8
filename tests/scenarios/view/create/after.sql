CREATE TABLE users (id bigint PRIMARY KEY, email text, active boolean);
CREATE VIEW active_users AS SELECT id, lower(email) AS email FROM users WHERE active;
CREATE VIEW user_names (number, mail) AS SELECT u.id, u.email FROM users u ORDER BY u.id;
CREATE VIEW everything AS SELECT * FROM users;
