INSERT INTO was_serial (line) SELECT 'a' FROM generate_series(1, 5);
DELETE FROM was_serial WHERE id = 5;
INSERT INTO was_identity (line) SELECT 'a' FROM generate_series(1, 7);
INSERT INTO gets_identity SELECT n, 'a' FROM generate_series(1, 9) n;
INSERT INTO gets_serial SELECT n, 'a' FROM generate_series(1, 11) n;
INSERT INTO not_indexed SELECT -n, 'a' FROM generate_series(1, 3) n;
INSERT INTO was_restarted SELECT n, 'a' FROM generate_series(1, 20) n;
SELECT setval('was_restarted_id_seq', 21, false);
