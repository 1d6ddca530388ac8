CREATE TYPE address AS (street text, city text);
CREATE DOMAIN place AS address;
CREATE TABLE users (
    id integer PRIMARY KEY,
    -- @renamed_from addr
    address address,
    -- @renamed_from home
    place place,
    work address NOT NULL
);
