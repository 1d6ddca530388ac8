INSERT INTO logs VALUES (5, 'a');
