INSERT INTO parts VALUES (2, 'b');
DO $$ BEGIN ASSERT total() = 3 AND names() = 2 AND lines() = 1 AND (SELECT title FROM parts WHERE id = 2) = 'B'; END $$;
