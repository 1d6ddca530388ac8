INSERT INTO keep VALUES (1, 'a');
