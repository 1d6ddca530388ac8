INSERT INTO p SELECT 1, n FROM generate_series(1, 20) n;
INSERT INTO c SELECT 2, nullif(n, 7) FROM generate_series(1, 20) n;
