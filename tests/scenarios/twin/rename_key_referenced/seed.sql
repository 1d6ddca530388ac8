INSERT INTO orders VALUES (1, 'Ada'), (2, 'Bob');
INSERT INTO lines VALUES (1, 1), (1, 2), (2, 1);
