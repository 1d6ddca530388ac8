CREATE TABLE orders (number bigint PRIMARY KEY, customer text NOT NULL);
CREATE TABLE lines (order_number bigint NOT NULL REFERENCES orders (number) ON DELETE CASCADE, position integer, PRIMARY KEY (order_number, position));
