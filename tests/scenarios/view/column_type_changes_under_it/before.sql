CREATE TABLE users (id bigint PRIMARY KEY, name character varying(20));
CREATE VIEW names AS SELECT id, name FROM users;
