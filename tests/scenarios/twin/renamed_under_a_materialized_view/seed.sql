INSERT INTO sales SELECT g, 'r' || g % 5, g FROM generate_series(1, 30) g;
