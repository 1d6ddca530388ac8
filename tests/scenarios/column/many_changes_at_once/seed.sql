INSERT INTO users VALUES (1, 'Ada', 'ada@example.org', NULL, 3);
