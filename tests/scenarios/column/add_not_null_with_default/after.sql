CREATE TABLE orders (id bigint PRIMARY KEY, quantity integer DEFAULT 1 NOT NULL);
