INSERT INTO item (id, size, note) VALUES (1000, 5000000000, 'large');
INSERT INTO log VALUES (1000, 5000000000);
DO $$ BEGIN
    ASSERT (SELECT note FROM item WHERE id = 1000) = 'noted';
    ASSERT (SELECT largest FROM extremes) = 5000000000;
END $$;
