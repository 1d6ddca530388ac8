CREATE TABLE lines (id bigint PRIMARY KEY, price numeric(10,2) NOT NULL, quantity integer NOT NULL);
