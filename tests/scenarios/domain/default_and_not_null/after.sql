CREATE DOMAIN percent AS integer DEFAULT 0 NOT NULL;
CREATE TABLE people (id bigint PRIMARY KEY, share percent);
