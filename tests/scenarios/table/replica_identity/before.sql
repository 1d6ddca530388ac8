CREATE TABLE a (id bigint PRIMARY KEY, code text NOT NULL);
CREATE UNIQUE INDEX a_code_idx ON a (code);
CREATE TABLE b (id bigint PRIMARY KEY);
