INSERT INTO t SELECT n, '2025-06-01'::date + n % 400, 'a' FROM generate_series(1,300) n;
