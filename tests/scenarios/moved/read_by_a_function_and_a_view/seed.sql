INSERT INTO users VALUES (1, 'Ada', 'counts'), (2, 'Grace', 'hidden'), (3, 'Edsger', NULL);
