CREATE TYPE place AS (city text, street text, country text);
CREATE TABLE shops OF place;
