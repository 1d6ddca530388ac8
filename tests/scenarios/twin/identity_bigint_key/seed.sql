INSERT INTO users (name) VALUES ('a'), ('b'), ('c');
DELETE FROM users WHERE name = 'c';
INSERT INTO posts (author, body) VALUES (1, 'x'), (2, 'y');
