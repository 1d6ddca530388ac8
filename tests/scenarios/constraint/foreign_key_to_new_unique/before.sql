CREATE TABLE users (id bigint PRIMARY KEY, handle text NOT NULL);
CREATE TABLE posts (id bigint PRIMARY KEY, author text);
