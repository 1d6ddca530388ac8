INSERT INTO t SELECT generate_series(1, 50); INSERT INTO f SELECT i, i, 'c' || i FROM generate_series(1, 50) i;
