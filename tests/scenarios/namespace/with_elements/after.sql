CREATE TABLE keep (id bigint PRIMARY KEY);
CREATE SCHEMA shop AUTHORIZATION app_owner
    CREATE TABLE orders (id bigint PRIMARY KEY)
    CREATE VIEW big AS SELECT id FROM orders WHERE id > 10;
