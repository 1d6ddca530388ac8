CREATE TABLE sales (id bigint PRIMARY KEY, day date, total numeric);
CREATE MATERIALIZED VIEW by_day AS SELECT day, sum(total) AS total FROM sales GROUP BY day;
