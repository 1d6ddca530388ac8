INSERT INTO customer SELECT n FROM generate_series(1, 10) n;
INSERT INTO event (at, customer, note, data) SELECT '2023-01-01'::date + n * 7 % 730, n % 10 + 1, 'n' || n, '{"a":  1}' FROM generate_series(1, 500) n;
INSERT INTO ticket (label) SELECT 'l' || n FROM generate_series(1, 100) n;
INSERT INTO holder SELECT n, n FROM generate_series(1, 50) n;
INSERT INTO odd VALUES (1, 'x'); INSERT INTO odd_holder VALUES (1, 1);
