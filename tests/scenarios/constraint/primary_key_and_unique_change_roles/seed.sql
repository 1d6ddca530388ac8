INSERT INTO status SELECT 'p' || n, n FROM generate_series(1, 20) n;
INSERT INTO seats SELECT n, n FROM generate_series(1, 20) n;
