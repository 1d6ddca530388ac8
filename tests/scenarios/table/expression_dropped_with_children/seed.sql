INSERT INTO paper (pages) VALUES (1), (2);
INSERT INTO book (pages, title) VALUES (30, 'thick');
