INSERT INTO teams (name) VALUES ('red'), ('blue');
INSERT INTO players VALUES (1, 1, 'one'), (2, 2, 'two'), (3, 1, NULL);
