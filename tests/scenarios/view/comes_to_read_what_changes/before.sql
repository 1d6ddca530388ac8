CREATE TABLE one (a integer, b integer);
CREATE TABLE other (c integer, d integer, e integer);
CREATE VIEW both_of_them AS SELECT one.a, other.c FROM one, other;
CREATE VIEW last AS SELECT c FROM other;
CREATE TABLE log (n numeric);
CREATE RULE watched AS ON UPDATE TO other WHERE old.e = 100 DO ALSO INSERT INTO log (n) VALUES (1);
