CREATE TABLE users (email text, id bigint PRIMARY KEY, name text);
