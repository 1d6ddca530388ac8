INSERT INTO letters VALUES (1, 'dear', 'penny');
INSERT INTO drafts VALUES (2, 'dear', 3);
INSERT INTO notes VALUES (3, 'milk');
