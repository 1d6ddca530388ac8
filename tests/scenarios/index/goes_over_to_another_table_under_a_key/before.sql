CREATE TABLE plain (name text, id integer, PRIMARY KEY (id));
CREATE UNIQUE INDEX by_name ON plain (name, id);
CREATE TABLE parted (name text, id integer) PARTITION BY LIST (name);
CREATE TABLE parted_a PARTITION OF parted FOR VALUES IN ('a');
CREATE TABLE uses (name text, id integer, CONSTRAINT of_plain FOREIGN KEY (name, id) REFERENCES plain (name, id));
