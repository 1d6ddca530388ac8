CREATE TABLE t (id int, at timestamptz, note text, price numeric, tags text[]);
ALTER TABLE t ALTER note SET STORAGE EXTERNAL, ALTER price SET STORAGE EXTENDED, ALTER tags SET STORAGE EXTENDED;
