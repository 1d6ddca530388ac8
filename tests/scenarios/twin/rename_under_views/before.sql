CREATE TABLE users (id bigint PRIMARY KEY, name text, age integer);
CREATE VIEW people AS SELECT id, name FROM users;
CREATE VIEW everybody AS SELECT id, name, age FROM users;
CREATE VIEW adults AS SELECT p.id, p.name, u.name AS full_name, u.age FROM people p JOIN users u USING (id) WHERE age > 17;
COMMENT ON VIEW people IS 'All of them';
