INSERT INTO event (at, customer) VALUES ('2024-02-02', 1);
INSERT INTO ticket (label) VALUES ('new');
DELETE FROM ticket WHERE id = 50;
DO $$
BEGIN
    ASSERT (SELECT count(*) FROM event) = 501;
    ASSERT (SELECT id FROM event WHERE note = 'new') = 501;
    ASSERT (SELECT id FROM ticket WHERE label = 'new') = 101;
    ASSERT (SELECT count(*) FROM holder) = 49;
END $$;
