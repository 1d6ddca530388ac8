CREATE TABLE posts (id bigint PRIMARY KEY, at timestamptz, score integer);
CREATE INDEX posts_new_idx ON posts (at DESC, score DESC NULLS LAST, id ASC NULLS FIRST);
