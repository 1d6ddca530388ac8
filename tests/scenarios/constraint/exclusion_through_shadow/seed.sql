INSERT INTO t SELECT n, n % 10, int4range(n*10, n*10+5) FROM generate_series(1,300) n; 
