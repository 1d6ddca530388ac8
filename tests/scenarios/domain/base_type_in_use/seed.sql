INSERT INTO orders SELECT i, i * 3 FROM generate_series(1, 200) AS i;
INSERT INTO refunds VALUES (1, 7, 'a'), (2, NULL, 'b');
