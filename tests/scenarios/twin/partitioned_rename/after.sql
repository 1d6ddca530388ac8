CREATE TABLE orders (id bigint, placed date NOT NULL, 
    -- @renamed_from note
    remark text DEFAULT 'none' NOT NULL, amount integer CHECK (amount > 0), PRIMARY KEY (id, placed)) PARTITION BY RANGE (placed);
CREATE INDEX orders_remark_idx ON orders (remark);
CREATE INDEX by_amount ON orders (amount) WHERE remark <> 'x';
CREATE TABLE orders_24 PARTITION OF orders FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE orders_25 PARTITION OF orders FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE VIEW large AS SELECT id, remark AS note FROM orders WHERE amount > 100;
GRANT SELECT (remark) ON orders TO PUBLIC;
COMMENT ON COLUMN orders.remark IS 'said by the customer';
