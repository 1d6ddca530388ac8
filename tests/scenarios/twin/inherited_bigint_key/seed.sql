INSERT INTO people (name) SELECT 'person ' || n FROM generate_series(1, 50) n;
INSERT INTO staff (name, wage, boss) SELECT 'person ' || n, n, n FROM generate_series(1, 50) n;
INSERT INTO lists SELECT n, n + 50 FROM generate_series(1, 50) n;
INSERT INTO counters (hits) SELECT n FROM generate_series(1, 50) n;
INSERT INTO daily SELECT n, n, date '2025-01-01' + n FROM generate_series(1, 50) n;
