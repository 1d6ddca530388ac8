INSERT INTO items SELECT n, n, 'item ' || n FROM generate_series(1, 20) n;
INSERT INTO books SELECT n, n, nullif('book ' || n, 'book 25'), n FROM generate_series(21, 40) n;
