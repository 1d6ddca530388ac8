CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE TYPE week AS (days mood[]);
CREATE DOMAIN moods AS mood[];
CREATE TABLE people (names text[], moods mood[], weeks week[], at timestamp with time zone[]);
CREATE FUNCTION best(moods mood[], at integer[]) RETURNS mood[] LANGUAGE sql RETURN $1;
CREATE VIEW kept AS SELECT 1::information_schema.cardinal_number AS one, 'a'::information_schema.sql_identifier AS two;
