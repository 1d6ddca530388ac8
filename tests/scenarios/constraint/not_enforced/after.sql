CREATE TABLE lines (id bigint PRIMARY KEY, price integer, CONSTRAINT price_positive CHECK (price > 0) NOT ENFORCED);
