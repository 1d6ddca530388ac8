CREATE TABLE lines (id bigint PRIMARY KEY, price integer);
ALTER TABLE lines ADD CONSTRAINT price_there NOT NULL price NOT VALID;
