CREATE TABLE sales (id bigint PRIMARY KEY, region text NOT NULL, sum integer NOT NULL DEFAULT 1);
CREATE MATERIALIZED VIEW by_region AS SELECT region AS name, sum(sum) AS total FROM sales GROUP BY region;
CREATE UNIQUE INDEX by_region_name ON by_region (name);
CREATE VIEW best AS SELECT name FROM by_region ORDER BY total DESC LIMIT 3;
