CREATE TYPE place AS (street text, town text);
CREATE TYPE unused AS (a int, b int);
COMMENT ON COLUMN unused.b IS 'the second';
CREATE TABLE shops (id int PRIMARY KEY, at place, CONSTRAINT has_town CHECK ((at).town <> ''));
CREATE INDEX shops_town ON shops (((at).town));
