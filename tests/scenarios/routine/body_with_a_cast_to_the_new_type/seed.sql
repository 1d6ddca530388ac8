INSERT INTO item SELECT n, n*10 FROM generate_series(1,20) n;
