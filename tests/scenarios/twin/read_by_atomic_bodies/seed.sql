INSERT INTO payments SELECT g, g * 3 FROM generate_series(1, 30) g;
