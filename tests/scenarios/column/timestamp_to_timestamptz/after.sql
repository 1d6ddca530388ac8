CREATE TABLE hits (id bigint PRIMARY KEY, at timestamp with time zone);
