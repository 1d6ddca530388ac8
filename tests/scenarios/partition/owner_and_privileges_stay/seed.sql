INSERT INTO job SELECT n, 'a' FROM generate_series(1, 50) n;
