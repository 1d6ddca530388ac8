INSERT INTO raw_steps SELECT n, n FROM generate_series(1, 20) n;
INSERT INTO kept SELECT n FROM generate_series(1, 20) n;
