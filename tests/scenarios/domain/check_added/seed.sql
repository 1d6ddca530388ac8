INSERT INTO people VALUES (1, 'ada@example.org'), (2, NULL);
