INSERT INTO t SELECT n, 'ok' FROM generate_series(1,20) n;
