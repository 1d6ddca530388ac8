CREATE TABLE one (a text);
CREATE TABLE two (a text);
CREATE TABLE both_of_them () INHERITS (one, two);
ALTER TABLE one ALTER a SET STATISTICS 10;
