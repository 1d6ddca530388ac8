CREATE EXTENSION pg_trgm;
CREATE TABLE users (id bigint PRIMARY KEY, name text);
