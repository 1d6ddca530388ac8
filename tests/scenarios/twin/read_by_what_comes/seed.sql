INSERT INTO item SELECT n, n * 10, 'x' FROM generate_series(1, 50) n;
INSERT INTO log SELECT n, n * 10 FROM generate_series(1, 5) n;
