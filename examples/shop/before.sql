-- A small shop as it runs today.

CREATE TYPE order_state AS ENUM ('new', 'paid', 'sent');

CREATE TABLE customers (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email text,
    name character varying(60) NOT NULL,
    fax text,
    created_at timestamptz DEFAULT now() NOT NULL
);

CREATE TABLE products (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sku text NOT NULL,
    title text NOT NULL,
    price numeric(10, 2) NOT NULL
);

CREATE TABLE orders (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_id bigint NOT NULL,
    state order_state DEFAULT 'new' NOT NULL,
    placed_at timestamptz DEFAULT now() NOT NULL
);

CREATE TABLE order_lines (
    order_id bigint NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
    product_id bigint NOT NULL REFERENCES products (id),
    quantity integer NOT NULL,
    price numeric(10, 2) NOT NULL,
    PRIMARY KEY (order_id, product_id)
);

CREATE VIEW order_totals AS
SELECT o.id, o.customer_id, sum(l.quantity * l.price) AS total
FROM orders o
JOIN order_lines l ON l.order_id = o.id
GROUP BY o.id;
