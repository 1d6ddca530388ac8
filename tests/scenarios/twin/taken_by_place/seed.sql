INSERT INTO item SELECT n, n*10, 'x' FROM generate_series(1,20) n;
