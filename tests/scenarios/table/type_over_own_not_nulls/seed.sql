INSERT INTO base SELECT n, 'b' || n FROM generate_series(1, 9) n;
INSERT INTO declares SELECT n, 'd' || n FROM generate_series(1, 9) n;
INSERT INTO keyed SELECT n, 'k' || n FROM generate_series(1, 9) n;
INSERT INTO inherits SELECT n, 'i' || n FROM generate_series(1, 9) n;
INSERT INTO p SELECT n, n FROM generate_series(1, 19) n;
