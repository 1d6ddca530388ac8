INSERT INTO special VALUES (1, 'a', 2);
