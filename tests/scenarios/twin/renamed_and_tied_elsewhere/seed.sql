INSERT INTO members SELECT g, CASE WHEN g % 2 = 0 THEN 'staff' ELSE 'guest' END FROM generate_series(1, 30) g; INSERT INTO notes VALUES (1, 2, 'a'), (2, 3, 'b');
