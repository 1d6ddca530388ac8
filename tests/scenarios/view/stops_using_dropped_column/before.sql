CREATE TABLE users (id bigint PRIMARY KEY, name text, fax text);
CREATE VIEW names AS SELECT id, name, fax FROM users;
