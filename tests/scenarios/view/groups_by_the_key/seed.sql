INSERT INTO items SELECT n, n, n FROM generate_series(1, 5) n;
INSERT INTO sales SELECT n, n * 5 FROM generate_series(1, 5) n;
INSERT INTO places SELECT n, n FROM generate_series(1, 5) n;
REFRESH MATERIALIZED VIEW visits;
INSERT INTO notes SELECT n, n FROM generate_series(1, 5) n;
