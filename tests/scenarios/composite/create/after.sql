CREATE TABLE keep (id bigint PRIMARY KEY);
CREATE TYPE address AS (street text, city character varying(80), tags text[]);
CREATE TYPE person AS (name text COLLATE "C", home address);
