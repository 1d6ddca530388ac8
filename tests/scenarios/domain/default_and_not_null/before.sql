CREATE DOMAIN percent AS integer;
CREATE TABLE people (id bigint PRIMARY KEY, share percent);
