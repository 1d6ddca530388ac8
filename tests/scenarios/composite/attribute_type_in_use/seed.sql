INSERT INTO t VALUES (1, ROW(1, 'one'), NULL), (2, ROW(2, NULL), ROW(NULL, NULL)), (3, ROW(3, 'three'), ROW(30, 'thirty'));
