INSERT INTO t VALUES (2, 'isA', 'isB');
DO $$ BEGIN ASSERT (SELECT count(*) FROM t WHERE a = 'isA' AND b = 'isB') = 2; END $$;
