CREATE TYPE stage AS ENUM ('a', 'b', 'c');
CREATE TABLE t (id int PRIMARY KEY, s stage DEFAULT 'a');
CREATE INDEX behind ON t (id) WHERE s = 'c';
CREATE VIEW done AS SELECT id FROM t WHERE s = 'c';
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
CREATE POLICY open_ones ON t USING (s <> 'c');
