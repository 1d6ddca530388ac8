CREATE COLLATION c1 (provider = icu, locale = 'da');
CREATE TABLE t (id int, a text COLLATE c1, b varchar(20) COLLATE c1 DEFAULT 'x' NOT NULL);
CREATE INDEX t_a ON t (a);
