CREATE TABLE lines (id bigint CONSTRAINT line_there PRIMARY KEY, price integer NOT NULL);
CREATE TABLE sales (day date NOT NULL, amount integer);
CREATE TABLE returns () INHERITS (sales);
