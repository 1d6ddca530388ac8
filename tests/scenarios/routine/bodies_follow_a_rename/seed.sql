INSERT INTO people VALUES (1, 'a', 1), (2, 'b', 2); INSERT INTO parts VALUES (1, 'a'); INSERT INTO notes VALUES (1, 'a');
INSERT INTO orders VALUES (1, 1), (2, 2);
