CREATE TABLE users (id bigint PRIMARY KEY, name character varying(20));
CREATE INDEX users_name_idx ON users (name);
