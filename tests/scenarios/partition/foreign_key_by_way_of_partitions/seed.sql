INSERT INTO users SELECT generate_series(1, 9);
INSERT INTO days SELECT date '2025-01-01' + n, zone FROM generate_series(0, 1000) n, generate_series(1, 2) zone;
INSERT INTO events SELECT n, 1 + n % 9, date '2025-01-01' + n, 1 + n % 2 FROM generate_series(0, 1000) n;
