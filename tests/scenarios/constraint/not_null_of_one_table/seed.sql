INSERT INTO base VALUES (1, 1, 1, 'a');
INSERT INTO child VALUES (2, NULL, 2, 'b');
INSERT INTO other VALUES (3, NULL, 3, 'c');
