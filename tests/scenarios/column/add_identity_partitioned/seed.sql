INSERT INTO logs SELECT 'l'||n, n%20 FROM generate_series(1,100) n;
