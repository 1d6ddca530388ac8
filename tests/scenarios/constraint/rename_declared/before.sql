CREATE TABLE lines (id bigint PRIMARY KEY, price integer, CONSTRAINT price_check CHECK (price > 0));
