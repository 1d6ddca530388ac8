CREATE TYPE address AS (street text, city text);
CREATE DOMAIN place AS address;
CREATE TABLE users (id integer PRIMARY KEY, addr address, home place, work address);
INSERT INTO users VALUES
    (1, ROW ('a street', NULL), ROW (NULL, 'a city'), ROW (NULL, NULL)),
    (2, ROW (NULL, NULL), NULL, ROW ('a', NULL)),
    (3, NULL, ROW (NULL, NULL), ROW ('b', 'c'));
