CREATE TABLE t (a integer, b integer, c integer);
CREATE INDEX stays ON t (b);
CREATE INDEX comes ON t (c);
ALTER TABLE t CLUSTER ON comes;
CREATE TABLE u (a integer, b integer);
CREATE INDEX one ON u (a);
CREATE INDEX two ON u (b);
ALTER TABLE u CLUSTER ON two;
