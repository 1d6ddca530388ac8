INSERT INTO users (boss, name) VALUES (NULL, 'a'), (1, 'b'), (1, 'c');
INSERT INTO posts VALUES (1, 2, 'x'), (2, 3, 'y');
INSERT INTO likes VALUES (1, 1), (2, 2);
