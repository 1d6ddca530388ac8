INSERT INTO orders SELECT g, g % 5, 'n' FROM generate_series(1, 30) g;
