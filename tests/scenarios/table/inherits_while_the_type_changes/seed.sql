INSERT INTO p SELECT 1, n FROM generate_series(1,20) n; INSERT INTO p2 SELECT 2, n FROM generate_series(1,20) n;
