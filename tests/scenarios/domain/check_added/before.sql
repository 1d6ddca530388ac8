CREATE DOMAIN email AS text;
CREATE TABLE people (id bigint PRIMARY KEY, mail email);
