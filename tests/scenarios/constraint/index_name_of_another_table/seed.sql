INSERT INTO balances SELECT n, 'o' || n, 'k' FROM generate_series(1, 20) n;
INSERT INTO coins SELECT n, 'o' || n FROM generate_series(1, 20) n;
