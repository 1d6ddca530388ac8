INSERT INTO t SELECT g, g FROM generate_series(1, 9) g; INSERT INTO c SELECT g, g FROM generate_series(10, 30) g;
