CREATE TABLE lines (id bigint PRIMARY KEY, price integer, CONSTRAINT price_range CHECK (price > 0));
