INSERT INTO was_serial (line) SELECT 'a' FROM generate_series(1, 5);
INSERT INTO item SELECT n, n FROM generate_series(1, 5) n;
DELETE FROM item WHERE id = 5;
DELETE FROM was_serial WHERE id = 5;
INSERT INTO was_identity (line) SELECT 'a' FROM generate_series(1, 7);
INSERT INTO in_parts (line) SELECT 'a' FROM generate_series(1, 9);
INSERT INTO parts_identity (line) SELECT 'a' FROM generate_series(1, 11);
