CREATE TABLE a (id bigint, note text);
CREATE TABLE b (id bigint, at date);
