CREATE TABLE orders (id bigint, placed date NOT NULL, note text DEFAULT 'none' NOT NULL, amount integer CHECK (amount > 0), PRIMARY KEY (id, placed)) PARTITION BY RANGE (placed);
CREATE INDEX orders_note_idx ON orders (note);
CREATE INDEX by_amount ON orders (amount) WHERE note <> 'x';
CREATE TABLE orders_24 PARTITION OF orders FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE orders_25 PARTITION OF orders FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE VIEW large AS SELECT id, note FROM orders WHERE amount > 100;
GRANT SELECT (note) ON orders TO PUBLIC;
COMMENT ON COLUMN orders.note IS 'said by the customer';
