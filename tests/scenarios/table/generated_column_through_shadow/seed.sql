INSERT INTO p VALUES (1); INSERT INTO t (a,b,p) SELECT n, 'b'||n, 1 FROM generate_series(1,300) n; INSERT INTO c SELECT n, n FROM generate_series(1,100) n;
