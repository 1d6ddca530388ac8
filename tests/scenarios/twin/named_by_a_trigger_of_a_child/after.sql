CREATE TABLE t (id integer, a bigint DEFAULT 1);
CREATE TABLE c () INHERITS (t);
CREATE TABLE seen (id integer);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'begin insert into seen values (new.id); return null; end';
CREATE TRIGGER f AFTER UPDATE OF a ON c FOR EACH ROW EXECUTE FUNCTION f();
