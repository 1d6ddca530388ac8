INSERT INTO base SELECT n, 'b' || n, 'n' FROM generate_series(1, 9) n;
INSERT INTO declares SELECT n, 'd' || n, 'n' FROM generate_series(1, 9) n;
INSERT INTO inherits SELECT n, 'i' || n, 'n' FROM generate_series(1, 9) n;
INSERT INTO accepts SELECT n, 'a' || n FROM generate_series(1, 9) n;
INSERT INTO refuses SELECT n, 'r' || n FROM generate_series(1, 9) n;
INSERT INTO silent SELECT 's' || n FROM generate_series(1, 9) n;
