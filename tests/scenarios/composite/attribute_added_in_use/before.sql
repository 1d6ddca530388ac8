CREATE TYPE address AS (street text);
CREATE TABLE people (id bigint PRIMARY KEY, home address);
