INSERT INTO lines VALUES (1, 2), (2, 4);
