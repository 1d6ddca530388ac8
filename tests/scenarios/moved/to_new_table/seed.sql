INSERT INTO users VALUES (1, 'Ada', 'counts'), (2, 'Grace', NULL), (3, 'Edsger', '');
