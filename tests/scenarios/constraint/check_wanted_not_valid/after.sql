CREATE TABLE lines (id bigint PRIMARY KEY, price integer);
ALTER TABLE lines ADD CONSTRAINT price_positive CHECK (price > 0) NOT VALID;
