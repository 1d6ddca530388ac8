CREATE TABLE people (id int PRIMARY KEY, name text NOT NULL, x int);
CREATE TABLE parts (id int, label text) PARTITION BY RANGE (id);
CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (100);
CREATE FUNCTION upper_label() RETURNS trigger LANGUAGE plpgsql AS 'begin new.label := upper(new.label); return new; end';
CREATE TRIGGER upper_label BEFORE INSERT ON parts FOR EACH ROW EXECUTE FUNCTION upper_label();
CREATE FUNCTION names() RETURNS bigint LANGUAGE sql AS 'select count(name) from people';
CREATE TABLE notes (id int PRIMARY KEY, line text);
CREATE FUNCTION lines() RETURNS bigint LANGUAGE sql AS 'select count(line) from notes';
