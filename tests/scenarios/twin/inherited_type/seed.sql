INSERT INTO readings SELECT n, n * 1000, n FROM generate_series(1, 50) n;
INSERT INTO outside SELECT n, n * 1000, n, 'roof' FROM generate_series(1, 50) n;
INSERT INTO inside SELECT n, n * 1000, n, n % 7 FROM generate_series(1, 50) n;
INSERT INTO moist SELECT n, n * 1000, n, 'cellar', n % 7, true FROM generate_series(1, 50) n;
