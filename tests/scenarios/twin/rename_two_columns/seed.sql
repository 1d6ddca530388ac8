INSERT INTO places VALUES (1, 2, 1), (2, 3, NULL);
