INSERT INTO lines SELECT i, i * 1.5, i FROM generate_series(1, 20) i;
