INSERT INTO readings SELECT n, timestamp '2025-01-01' + n * interval '1 hour', n FROM generate_series(1, 300) n;
INSERT INTO outside SELECT n, timestamp '2025-01-01' + n * interval '1 hour', n, 'roof' FROM generate_series(1, 300) n;
INSERT INTO inside SELECT n, timestamp '2025-01-01' + n * interval '1 hour', n, n % 7 FROM generate_series(1, 300) n;
INSERT INTO moist SELECT n, timestamp '2025-01-01' + n * interval '1 hour', n, 'cellar', n % 7, true FROM generate_series(1, 300) n;
