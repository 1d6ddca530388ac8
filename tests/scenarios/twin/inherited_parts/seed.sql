INSERT INTO known SELECT generate_series(1, 30);
INSERT INTO p SELECT 'p', n, n, 'b' FROM generate_series(1, 30) n;
INSERT INTO other.c (note, id, a) SELECT 'c', n, n FROM generate_series(1, 30) n;
INSERT INTO d (note, id, a, z) SELECT 'd', n, n, n FROM generate_series(1, 30) n;
