INSERT INTO events SELECT n, date '2024-06-01' + n FROM generate_series(0, 400) n;
INSERT INTO letters VALUES (1, 'x'), (2, 'y');
INSERT INTO letters_b VALUES (3, 'b');
INSERT INTO pairs VALUES (0, 1), (5, 5), (NULL, 3), (3, NULL), (NULL, NULL);
