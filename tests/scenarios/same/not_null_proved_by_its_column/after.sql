CREATE TABLE lines (id integer PRIMARY KEY, price integer CONSTRAINT price_there NOT NULL);
