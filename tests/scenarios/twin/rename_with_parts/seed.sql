INSERT INTO teams VALUES (1), (2);
INSERT INTO users VALUES (1, 1, 'ada@x'), (2, NULL, 'Bob@x'), (3, 2, 'cy@x');
