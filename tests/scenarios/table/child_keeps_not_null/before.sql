CREATE TABLE parent (a integer NOT NULL, b integer);
CREATE TABLE child (a integer NOT NULL, b integer) INHERITS (parent);
CREATE TABLE by_parent (a integer NOT NULL, b integer);
CREATE TABLE by_parent_child () INHERITS (by_parent);
CREATE TABLE measured (a integer NOT NULL, b integer) PARTITION BY LIST (b);
CREATE TABLE measured_1 PARTITION OF measured FOR VALUES IN (1);
CREATE TABLE measured_2 PARTITION OF measured FOR VALUES IN (2);
INSERT INTO child VALUES (1, 1);
INSERT INTO measured VALUES (1, 1), (2, 2);
