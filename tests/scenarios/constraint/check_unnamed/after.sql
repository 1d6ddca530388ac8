CREATE TABLE lines (id bigint PRIMARY KEY, price integer CHECK (price > 0), discount integer, CHECK (discount < price), CHECK (1 = 1));
