INSERT INTO hits VALUES (1, 7), (2, 8);
