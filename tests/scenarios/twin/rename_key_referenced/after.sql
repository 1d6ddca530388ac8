CREATE TABLE orders (
    -- @renamed_from number
    id bigint PRIMARY KEY,
    customer text NOT NULL
);
CREATE TABLE lines (order_number bigint NOT NULL REFERENCES orders (id) ON DELETE CASCADE, position integer, PRIMARY KEY (order_number, position));
