CREATE TABLE p (a int, b int, c int) PARTITION BY RANGE (a);
CREATE INDEX p_b_idx ON p (b);
