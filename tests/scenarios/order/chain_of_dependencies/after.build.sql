CREATE TABLE keep (id bigint PRIMARY KEY);
CREATE TYPE order_kind AS ENUM ('small', 'big');
CREATE FUNCTION is_fine(n numeric) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT n >= 0 $$;
CREATE DOMAIN money_amount AS numeric CHECK (is_fine(VALUE));
CREATE TABLE orders (id bigint PRIMARY KEY, kind order_kind DEFAULT 'small', price money_amount);
CREATE FUNCTION price_of(o orders) RETURNS money_amount LANGUAGE sql STABLE AS $$ SELECT o.price $$;
CREATE VIEW totals AS SELECT kind, sum(price_of(o)) AS total FROM orders o GROUP BY kind;
