INSERT INTO box (id, height, width) VALUES (200, -1, 5000000000);
