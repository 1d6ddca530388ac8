CREATE TYPE place AS (city text, street text);
CREATE TABLE shops OF place;
