CREATE TABLE users (id bigint PRIMARY KEY, name text, code varchar(10));
CREATE INDEX users_name_prefix_idx ON users (name text_pattern_ops, code varchar_pattern_ops);
CREATE INDEX users_name_c_idx ON users (name COLLATE "C");
