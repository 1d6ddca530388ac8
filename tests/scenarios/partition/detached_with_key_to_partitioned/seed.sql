INSERT INTO r SELECT generate_series(1, 10);
INSERT INTO p SELECT n * 30, 1 + n % 10 FROM generate_series(1, 130) n;
