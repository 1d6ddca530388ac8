CREATE TABLE lines (id bigint PRIMARY KEY, a integer, b integer);
