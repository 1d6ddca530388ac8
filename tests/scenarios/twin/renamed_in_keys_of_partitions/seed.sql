INSERT INTO days SELECT date '2026-01-01' + g, 'p' || g FROM generate_series(0, 50) g; INSERT INTO visits SELECT g, date '2026-01-01' + g, 'p' || g FROM generate_series(0, 50) g;
