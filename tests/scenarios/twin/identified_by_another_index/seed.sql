INSERT INTO events SELECT g, 'e' || g, g FROM generate_series(1, 30) g;
