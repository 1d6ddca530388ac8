INSERT INTO was_serial (line) VALUES ('new');
INSERT INTO was_identity (line) VALUES ('new');
INSERT INTO in_parts (line) VALUES ('new');
INSERT INTO parts_identity (line) VALUES ('new');
DO $$
DECLARE given text;
BEGIN
    SELECT string_agg(id::text, ' ' ORDER BY at) INTO given FROM (
        SELECT 1 AS at, id FROM was_serial WHERE line = 'new' UNION ALL
        SELECT 2, id FROM was_identity WHERE line = 'new' UNION ALL
        SELECT 3, id FROM in_parts WHERE line = 'new' UNION ALL
        SELECT 4, id FROM parts_identity WHERE line = 'new') numbers;
    ASSERT given = '6 8 10 12', given;
END $$;
