INSERT INTO events SELECT n, '2025-06-01'::date + n, n, 'x' FROM generate_series(1, 400) n;
