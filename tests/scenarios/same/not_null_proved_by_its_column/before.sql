CREATE TABLE lines (id integer PRIMARY KEY, price integer);
ALTER TABLE lines ADD CONSTRAINT price_there NOT NULL price NOT VALID;
ALTER TABLE lines ALTER price SET NOT NULL;
