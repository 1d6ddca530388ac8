INSERT INTO visits SELECT n % 3, date '2026-01-01' + n, n + 1, nullif('note ' || n, 'note 5') FROM generate_series(0, 30) n;
