INSERT INTO users VALUES (1, 'ada@example.org', '555');
