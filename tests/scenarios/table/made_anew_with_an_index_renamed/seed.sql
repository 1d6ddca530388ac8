INSERT INTO others SELECT generate_series(1, 3);
