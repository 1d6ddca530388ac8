CREATE TABLE one_new (id integer NOT NULL, other integer) PARTITION BY LIST (id);
CREATE TABLE one_1 PARTITION OF one_new FOR VALUES IN (1);
CREATE UNIQUE INDEX one_new_idx ON one_new (id);
CREATE TABLE two_new (id integer NOT NULL, other integer) PARTITION BY LIST (id);
CREATE TABLE two_1 PARTITION OF two_new FOR VALUES IN (1);
CREATE UNIQUE INDEX two_new_idx ON two_new (id);
ALTER TABLE one_new ADD CONSTRAINT one_two FOREIGN KEY (other) REFERENCES two_new (id);
ALTER TABLE two_new ADD CONSTRAINT two_one FOREIGN KEY (other) REFERENCES one_new (id);
