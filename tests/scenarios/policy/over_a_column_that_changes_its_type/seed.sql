INSERT INTO notes VALUES (1, 'admin'), (2, 'guest');
