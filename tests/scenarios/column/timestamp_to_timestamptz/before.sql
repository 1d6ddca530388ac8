CREATE TABLE hits (id bigint PRIMARY KEY, at timestamp without time zone);
