INSERT INTO events_2025 SELECT n, '2025-01-01'::date + n, 'n' FROM generate_series(0, 300) n;
INSERT INTO "Old Events" VALUES (1, '1999-12-31', 'x');
INSERT INTO letters_a VALUES (1, 'a', 'you'), (2, 'it''s', 'me');
INSERT INTO letters_null VALUES (3, NULL, NULL);
INSERT INTO pairs_1 VALUES (2, 2);
