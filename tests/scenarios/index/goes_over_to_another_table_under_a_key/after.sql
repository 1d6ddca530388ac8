CREATE TABLE plain (name text, id integer, PRIMARY KEY (id));
CREATE TABLE parted (name text, id integer) PARTITION BY LIST (name);
CREATE TABLE parted_a PARTITION OF parted FOR VALUES IN ('a');
CREATE UNIQUE INDEX by_name ON parted (name, id);
CREATE TABLE uses (name text, id integer, CONSTRAINT of_plain FOREIGN KEY (name, id) REFERENCES parted (name, id));
