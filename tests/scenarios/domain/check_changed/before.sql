CREATE DOMAIN percent AS integer CONSTRAINT percent_range CHECK (VALUE >= 0);
CREATE TABLE people (id bigint PRIMARY KEY, share percent);
