CREATE TABLE a (foo varchar(255), bar text) PARTITION BY LIST (foo);
CREATE TABLE a_1 PARTITION OF a (PRIMARY KEY (foo, bar)) FOR VALUES IN ('foo_1');
CREATE TABLE b (foo varchar(255), bar text) PARTITION BY LIST (foo);
CREATE TABLE b_1 PARTITION OF b (PRIMARY KEY (foo, bar)) FOR VALUES IN ('foo_1');
ALTER TABLE b_1 ADD CONSTRAINT b_1_fk FOREIGN KEY (foo, bar) REFERENCES a_1 (foo, bar);
INSERT INTO a VALUES ('foo_1', 'one'), ('foo_1', 'two');
INSERT INTO b VALUES ('foo_1', 'two');
