CREATE TABLE p (a int, b int, c int) PARTITION BY RANGE (a);
CREATE INDEX p_b_idx ON p (b);
CREATE INDEX p_lower_idx ON p ((b + c), c DESC) WHERE b > 0;
CREATE INDEX p_a_idx ON p (a) WITH (fillfactor = 80);
