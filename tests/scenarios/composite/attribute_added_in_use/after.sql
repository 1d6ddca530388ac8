CREATE TYPE address AS (street text, city text);
CREATE TABLE people (id bigint PRIMARY KEY, home address);
