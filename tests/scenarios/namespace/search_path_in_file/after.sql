CREATE SCHEMA shop;
SET search_path = shop, public;
CREATE TYPE state AS ENUM ('new', 'old');
CREATE TABLE orders (id bigint PRIMARY KEY, state state DEFAULT 'new', CONSTRAINT not_old CHECK (state <> 'old'));
CREATE VIEW new_orders AS SELECT id FROM orders WHERE state = 'new';
