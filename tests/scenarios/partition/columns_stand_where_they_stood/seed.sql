INSERT INTO t VALUES (1, 'isA', 'isB');
