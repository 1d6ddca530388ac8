INSERT INTO users VALUES
    (1, 1, 'Ada', 'counts', 12, 'ada@example.org', 'fine', '{"a": 1}'),
    (1, 2, 'Grace', NULL, 0, 'grace@example.org', NULL, '{}'),
    (2, 1, 'Edsger', '', 3, 'edsger@example.org', 'sad', '{ }');
