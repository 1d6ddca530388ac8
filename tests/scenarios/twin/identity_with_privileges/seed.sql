INSERT INTO counted (line) SELECT 'a' FROM generate_series(1, 5);
