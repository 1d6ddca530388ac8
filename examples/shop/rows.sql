INSERT INTO customers (email, name, fax)
SELECT 'customer' || n || '@example.org', 'Customer ' || n, CASE WHEN n % 10 = 0 THEN '555-' || n END FROM generate_series(1, 2000) n;
INSERT INTO products (sku, title, price) SELECT 'SKU-' || n, 'Product ' || n, n * 1.10 FROM generate_series(1, 200) n;
INSERT INTO orders (customer_id, state)
SELECT 1 + n % 2000, (ARRAY['new', 'paid', 'sent']::order_state[])[1 + n % 3] FROM generate_series(1, 5000) n;
INSERT INTO order_lines SELECT n, 1 + n % 200, 1 + n % 5, 9.90 FROM generate_series(1, 5000) n;
