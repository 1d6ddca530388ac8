CREATE TABLE p (a int, b int, c int) PARTITION BY RANGE (a);
CREATE TABLE p1 (a int, b int, c int);
ALTER TABLE ONLY p ATTACH PARTITION p1 FOR VALUES FROM (1) TO (10);
CREATE INDEX p_b_idx ON ONLY p (b);
CREATE INDEX p1_b_idx ON p1 (b);
ALTER INDEX p_b_idx ATTACH PARTITION p1_b_idx;
CREATE INDEX p_lower_idx ON ONLY p ((b + c), c DESC) WHERE b > 0;
CREATE INDEX a_name_of_its_own ON p1 ((b + c), c DESC) WHERE b > 0;
ALTER INDEX p_lower_idx ATTACH PARTITION a_name_of_its_own;
