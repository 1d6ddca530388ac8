INSERT INTO tokens SELECT generate_series(1, 50);
