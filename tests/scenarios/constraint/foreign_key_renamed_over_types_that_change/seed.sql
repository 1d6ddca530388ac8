INSERT INTO a SELECT 'a' || g || g FROM generate_series(1, 9) g;
INSERT INTO b SELECT g, 'a' || g || g FROM generate_series(1, 9) g;
