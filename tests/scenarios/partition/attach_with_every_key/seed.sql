INSERT INTO regions SELECT generate_series(1, 3);
INSERT INTO days SELECT date '2025-01-01' + n, r FROM generate_series(0, 300) n, generate_series(1, 3) r;
INSERT INTO events_2025 SELECT n, date '2025-01-01' + n, 'c' || n, 1 + n % 3 FROM generate_series(0, 300) n;
