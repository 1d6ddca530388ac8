CREATE TABLE sales (id bigint PRIMARY KEY, 
    -- @renamed_from region
    area text NOT NULL, sum integer NOT NULL DEFAULT 1);
CREATE MATERIALIZED VIEW by_region AS SELECT area AS name, sum(sum) AS total FROM sales GROUP BY area;
CREATE UNIQUE INDEX by_region_name ON by_region (name);
CREATE VIEW best AS SELECT name FROM by_region ORDER BY total DESC LIMIT 3;
