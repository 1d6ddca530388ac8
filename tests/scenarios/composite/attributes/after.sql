CREATE TYPE address AS (street text, zip text, country character varying(2));
