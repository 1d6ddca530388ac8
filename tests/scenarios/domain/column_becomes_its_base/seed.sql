INSERT INTO box SELECT n, n, n + 1, n FROM generate_series(1, 100) n;
