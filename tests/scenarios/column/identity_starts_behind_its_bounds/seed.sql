INSERT INTO tickets (note) SELECT 'note ' || n FROM generate_series(1, 50) n;
