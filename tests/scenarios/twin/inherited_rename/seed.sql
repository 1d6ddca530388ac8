INSERT INTO places (id, name) SELECT n, 'place ' || n FROM generate_series(1, 50) n;
INSERT INTO cities (id, name, people) SELECT n, 'city ' || n, n FROM generate_series(1, 50) n;
INSERT INTO capitals (id, name, people, country) SELECT n, 'capital ' || n, n, 'country ' || n FROM generate_series(1, 50) n;
INSERT INTO letters SELECT 'city ' || n, n FROM generate_series(1, 50) n;
