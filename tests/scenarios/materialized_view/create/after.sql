CREATE TABLE sales (id bigint PRIMARY KEY, day date, total numeric);
CREATE MATERIALIZED VIEW by_day AS SELECT day, sum(total) AS total FROM sales GROUP BY day;
CREATE UNIQUE INDEX by_day_idx ON by_day (day);
CREATE MATERIALIZED VIEW later WITH (fillfactor = 80) AS SELECT id FROM sales WITH NO DATA;
