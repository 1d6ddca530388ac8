INSERT INTO kinds VALUES ('new'), ('old');
INSERT INTO y24 SELECT n, date '2024-03-01' + n::int, 'new', 'n' || n FROM generate_series(1, 100) n;
INSERT INTO a VALUES (7, '2025-02-01', 'old', 'later'), (8, '2025-02-01', NULL, NULL);
INSERT INTO b VALUES (9, '2023-02-01', 'old', 'before');
INSERT INTO ones SELECT 1, date '2024-01-01' + n FROM generate_series(1, 50) n;
