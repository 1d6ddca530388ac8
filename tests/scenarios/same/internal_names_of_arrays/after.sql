CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE TYPE week AS (days _mood);
CREATE DOMAIN moods AS public._mood;
CREATE TABLE people (names _text, moods _mood, weeks _week, at pg_catalog._timestamptz);
CREATE FUNCTION best(moods _mood, at _int4) RETURNS _mood LANGUAGE sql RETURN $1;
CREATE VIEW kept AS SELECT 1::information_schema.cardinal_number AS one, 'a'::information_schema.sql_identifier AS two;
