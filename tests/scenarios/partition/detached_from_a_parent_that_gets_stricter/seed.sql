INSERT INTO p SELECT 1, n FROM generate_series(1,20) n;
