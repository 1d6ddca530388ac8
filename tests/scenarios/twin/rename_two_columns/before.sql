CREATE TABLE places (id bigint PRIMARY KEY, x integer, y integer, CONSTRAINT inside CHECK (x > y), CONSTRAINT places_xy UNIQUE (x, y));
