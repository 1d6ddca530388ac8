INSERT INTO regions SELECT generate_series(1, 3);
INSERT INTO events SELECT n, date '2024-01-01' + n, 1 + n % 3, 'note ' || n FROM generate_series(0, 900) n;
INSERT INTO letters VALUES (1, 'a', '2025-01-01'), (2, 'b', NULL), (3, 'c', '2024-05-05'), (4, 'c', '2025-05-05'), (5, 'd', '2024-01-01');
INSERT INTO pairs VALUES (1, 1), (3, 0), (5, 4), (5, 5), (5, 500);
INSERT INTO hashes SELECT n FROM generate_series(1, 20) n WHERE satisfies_hash_partition('hashes'::regclass, 2, 1, n);
