INSERT INTO p SELECT n, '2020-02-02'::date + 366 * (n % 5), n FROM generate_series(1, 50) n;
