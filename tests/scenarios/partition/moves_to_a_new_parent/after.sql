CREATE TABLE a_new (foo varchar(255), bar text) PARTITION BY LIST (foo);
CREATE TABLE a_1 PARTITION OF a_new (PRIMARY KEY (foo, bar)) FOR VALUES IN ('foo_1');
CREATE TABLE b_new (foo varchar(255), bar text) PARTITION BY LIST (foo);
CREATE TABLE b_1 PARTITION OF b_new (PRIMARY KEY (foo, bar)) FOR VALUES IN ('foo_1');
ALTER TABLE b_1 ADD CONSTRAINT b_1_fk FOREIGN KEY (foo, bar) REFERENCES a_1 (foo, bar);
