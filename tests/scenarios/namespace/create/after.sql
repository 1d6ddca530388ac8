CREATE TABLE keep (id bigint PRIMARY KEY);
CREATE SCHEMA shop;
CREATE SCHEMA IF NOT EXISTS "Odd Name";
CREATE TABLE shop.orders (id bigint PRIMARY KEY, keep_id bigint REFERENCES keep (id));
CREATE TYPE shop.state AS ENUM ('new');
CREATE TABLE "Odd Name".orders (id bigint PRIMARY KEY, state shop.state DEFAULT 'new');
CREATE VIEW "Odd Name".v AS SELECT o.id FROM shop.orders o JOIN "Odd Name".orders p USING (id);
