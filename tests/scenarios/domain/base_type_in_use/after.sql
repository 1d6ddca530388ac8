CREATE DOMAIN amount AS bigint DEFAULT 1 CONSTRAINT positive CHECK (VALUE > 0);
COMMENT ON DOMAIN amount IS 'what is paid';
COMMENT ON CONSTRAINT positive ON DOMAIN amount IS 'never nothing';
CREATE TABLE orders (id int PRIMARY KEY, total amount NOT NULL, CHECK (total <> 7));
CREATE INDEX orders_total_idx ON orders (total);
CREATE TABLE refunds (id int PRIMARY KEY, total amount DEFAULT 5::amount, note text);
CREATE VIEW large AS SELECT id, total FROM orders WHERE total > 1000::amount;
CREATE FUNCTION doubled(a amount) RETURNS amount LANGUAGE sql AS 'SELECT (a * 2)::public.amount';
