CREATE TABLE parent (a integer, b integer);
CREATE TABLE child (a integer NOT NULL, b integer) INHERITS (parent);
CREATE TABLE by_parent (a integer, b integer);
CREATE TABLE by_parent_child () INHERITS (by_parent);
ALTER TABLE by_parent_child ALTER a SET NOT NULL;
CREATE TABLE measured (a integer, b integer) PARTITION BY LIST (b);
CREATE TABLE measured_1 PARTITION OF measured FOR VALUES IN (1);
CREATE TABLE measured_2 PARTITION OF measured (a NOT NULL) FOR VALUES IN (2);
