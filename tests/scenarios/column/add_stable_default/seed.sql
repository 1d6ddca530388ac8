INSERT INTO events SELECT generate_series(1, 50);
