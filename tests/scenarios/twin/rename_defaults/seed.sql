INSERT INTO jobs (id, seen) VALUES (1, '2026-02-02');
INSERT INTO jobs VALUES (2, NULL, 3, NULL, NULL, '{"a" : 1}'), (3, 'done', 1, '2026-01-01', '[1.0]', NULL);
