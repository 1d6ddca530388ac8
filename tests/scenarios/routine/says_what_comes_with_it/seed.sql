INSERT INTO docs SELECT n, 'The Title ' || n FROM generate_series(1, 20) n;
