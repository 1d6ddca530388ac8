INSERT INTO groups SELECT generate_series(1, 50);
