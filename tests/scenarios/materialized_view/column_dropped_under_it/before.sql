CREATE TABLE sales (id bigint PRIMARY KEY, day date, total numeric, old int);
CREATE MATERIALIZED VIEW by_day AS SELECT day, sum(total) AS total, count(*) AS n, max(old) FROM sales GROUP BY day;
CREATE UNIQUE INDEX by_day_idx ON by_day (day);
CREATE VIEW best_day AS SELECT day FROM by_day ORDER BY total DESC LIMIT 1;
COMMENT ON MATERIALIZED VIEW by_day IS 'stays';
COMMENT ON COLUMN by_day.day IS 'col';
GRANT SELECT ON by_day TO PUBLIC;
