CREATE TABLE lines (id bigint PRIMARY KEY, price numeric(8,2));
