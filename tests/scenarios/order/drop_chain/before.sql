CREATE TABLE keep (id bigint PRIMARY KEY);
CREATE TYPE order_kind AS ENUM ('small', 'big');
CREATE DOMAIN amount AS numeric CHECK (VALUE >= 0);
CREATE TABLE orders (id bigint PRIMARY KEY, kind order_kind, price amount);
CREATE FUNCTION price_of(o orders) RETURNS amount LANGUAGE sql AS $$ SELECT o.price $$;
CREATE VIEW totals AS SELECT kind, sum(price_of(o)) AS total FROM orders o GROUP BY kind;
CREATE MATERIALIZED VIEW kept AS SELECT * FROM totals;
