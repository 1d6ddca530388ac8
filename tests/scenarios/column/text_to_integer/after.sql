CREATE TABLE hits (id bigint PRIMARY KEY, counter integer);
