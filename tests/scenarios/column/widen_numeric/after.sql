CREATE TABLE lines (id bigint PRIMARY KEY, price numeric(12,2));
