INSERT INTO shops VALUES (1, ROW('High Street', 'Ash')), (2, NULL), (3, ROW(NULL, NULL)), (4, ROW('Low Street', NULL));
