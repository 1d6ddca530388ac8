CREATE TABLE t (a integer, b integer, c integer);
CREATE INDEX goes ON t (a);
CREATE INDEX stays ON t (b);
ALTER TABLE t CLUSTER ON stays;
CREATE TABLE u (a integer, b integer);
CREATE INDEX one ON u (a);
CREATE INDEX two ON u (b);
ALTER TABLE u CLUSTER ON one;
