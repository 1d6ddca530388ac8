INSERT INTO shirts VALUES (1, 'small'), (2, 'large'), (3, NULL);
INSERT INTO shoes VALUES (1, '42');
