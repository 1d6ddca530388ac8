CREATE TYPE mood AS ENUM ('ok');
CREATE TYPE pair AS (a text, b int);
CREATE DOMAIN price AS numeric;
CREATE DOMAIN fee AS price;
CREATE DOMAIN words AS text;
CREATE TYPE span AS RANGE (subtype = numeric);
CREATE TABLE u (mood mood, moods mood[], pair pair, fee fee, line words, lines words[], span span, v int2vector);
CREATE TABLE t (id int, at timestamptz, note text, price numeric, tags text[]);
ALTER TABLE t ALTER note SET STORAGE EXTERNAL, ALTER price SET STORAGE EXTENDED, ALTER tags SET STORAGE EXTENDED;
