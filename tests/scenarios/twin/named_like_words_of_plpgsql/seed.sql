INSERT INTO t SELECT n, n, n, 'a', n FROM generate_series(1, 9) n;
