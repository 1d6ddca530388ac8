INSERT INTO events SELECT g, g, g FROM generate_series(1, 30) g;
