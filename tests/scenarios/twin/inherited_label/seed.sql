INSERT INTO jobs SELECT n, 'open' FROM generate_series(1, 30) n;
INSERT INTO repairs SELECT n, 'done', 'wheel' FROM generate_series(1, 30) n;
