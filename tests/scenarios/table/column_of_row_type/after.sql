CREATE TABLE a (id bigint PRIMARY KEY);
CREATE TABLE parts (x integer, y integer);
CREATE TABLE whole (id bigint PRIMARY KEY, part parts, all_parts parts[]);
