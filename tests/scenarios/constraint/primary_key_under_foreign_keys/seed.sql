INSERT INTO users SELECT g, g % 3, 'u' || g FROM generate_series(1, 30) g;
INSERT INTO posts SELECT g, g, 'p' FROM generate_series(1, 30) g;
INSERT INTO likes SELECT g, 31 - g FROM generate_series(1, 30) g;
