-- The same shop as it is wanted: each change is marked, none of it may stop the application.

-- A state more.
CREATE TYPE order_state AS ENUM ('new', 'paid', 'packed', 'sent');

CREATE TABLE customers (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- Required and unique from now on. Column `fax` is gone.
    email text NOT NULL CONSTRAINT customers_email_key UNIQUE,
    -- Longer.
    name character varying(200) NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    -- A column whose value differs in each row.
    token uuid DEFAULT gen_random_uuid() NOT NULL
);
COMMENT ON TABLE customers IS 'who buys';

CREATE TABLE products (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sku text NOT NULL,
    title text NOT NULL,
    price numeric(10, 2) NOT NULL,
    -- A column with the same value in each row, and a check on an old one.
    in_stock boolean DEFAULT true NOT NULL,
    CONSTRAINT products_price_positive CHECK (price >= 0)
);
CREATE UNIQUE INDEX products_sku_idx ON products (sku);

CREATE TABLE orders (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- Only real customers.
    customer_id bigint NOT NULL CONSTRAINT orders_customer_fkey REFERENCES customers (id),
    state order_state DEFAULT 'new' NOT NULL,
    placed_at timestamptz DEFAULT now() NOT NULL
);
CREATE INDEX orders_open_idx ON orders (customer_id, placed_at DESC) WHERE state <> 'sent';

CREATE TABLE order_lines (
    order_id bigint NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
    product_id bigint NOT NULL REFERENCES products (id),
    quantity integer NOT NULL CONSTRAINT order_lines_quantity_positive CHECK (quantity > 0),
    price numeric(10, 2) NOT NULL,
    PRIMARY KEY (order_id, product_id)
);

-- The view counts too.
CREATE VIEW order_totals AS
SELECT o.id, o.customer_id, sum(l.quantity * l.price) AS total, count(*) AS lines
FROM orders o
JOIN order_lines l ON l.order_id = o.id
GROUP BY o.id;
