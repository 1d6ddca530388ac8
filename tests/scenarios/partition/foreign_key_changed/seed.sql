INSERT INTO users SELECT generate_series(1, 9);
INSERT INTO events SELECT n, 1 + n % 9, date '2025-01-01' + n FROM generate_series(0, 500) n;
