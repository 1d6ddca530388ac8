INSERT INTO users VALUES (1, 'ada');
INSERT INTO posts VALUES (1, 'ada');
