CREATE TABLE posts (id bigint PRIMARY KEY, tags text[] DEFAULT '{}'::text[] NOT NULL, grid integer[][]);
