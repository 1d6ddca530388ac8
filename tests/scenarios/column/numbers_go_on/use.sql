INSERT INTO was_serial (line) VALUES ('new');
INSERT INTO was_identity (line) VALUES ('new');
INSERT INTO gets_identity (line) VALUES ('new');
INSERT INTO gets_serial (line) VALUES ('new');
INSERT INTO not_indexed (line) VALUES ('new');
INSERT INTO gets_shared (line) VALUES ('new');
INSERT INTO was_restarted (line) VALUES ('new');
DO $$
DECLARE given text;
BEGIN
    SELECT string_agg(id::text, ' ' ORDER BY at) INTO given FROM (
        SELECT 1 AS at, id FROM was_serial WHERE line = 'new' UNION ALL
        SELECT 2, id FROM was_identity WHERE line = 'new' UNION ALL
        SELECT 3, id FROM gets_identity WHERE line = 'new' UNION ALL
        SELECT 4, id FROM gets_serial WHERE line = 'new' UNION ALL
        SELECT 5, id FROM not_indexed WHERE line = 'new' UNION ALL
        SELECT 6, id FROM gets_shared WHERE line = 'new' UNION ALL
        SELECT 7, id FROM was_restarted WHERE line = 'new') numbers;
    ASSERT given = '6 8 10 12 -4 1 21', given;
END $$;
