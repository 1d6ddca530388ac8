CREATE TABLE posts (id bigint PRIMARY KEY, at timestamptz, score integer);
