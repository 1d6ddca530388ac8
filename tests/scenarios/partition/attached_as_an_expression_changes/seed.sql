INSERT INTO p SELECT generate_series(1, 9);
INSERT INTO x SELECT generate_series(21, 29);
