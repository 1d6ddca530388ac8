CREATE TABLE lines (id bigint PRIMARY KEY, price integer CONSTRAINT price_there NOT NULL);
