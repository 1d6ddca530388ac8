INSERT INTO lines (id, price, quantity) SELECT n, n, 3 FROM generate_series(1, 50) n;
