INSERT INTO members SELECT 't' || g % 3, g FROM generate_series(1, 30) g;
INSERT INTO notes SELECT g, 't' || g % 3, 'n' FROM generate_series(1, 30) g;
