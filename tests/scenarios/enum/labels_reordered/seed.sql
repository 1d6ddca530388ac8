INSERT INTO shirts VALUES (1, 'large', '{small,large}'), (2, 'small', '{}'), (3, 'medium', '{medium}');
