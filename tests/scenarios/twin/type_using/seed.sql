INSERT INTO flags VALUES (1, 'yes'), (2, 'no');
