CREATE TABLE hub (id bigint PRIMARY KEY);
CREATE TABLE a (id bigint PRIMARY KEY, b bigint, hub bigint REFERENCES hub (id));
CREATE TABLE b (id bigint PRIMARY KEY, a bigint CONSTRAINT b_a_fk REFERENCES a (id));
ALTER TABLE a ADD CONSTRAINT a_b_fk FOREIGN KEY (b) REFERENCES b (id);
