CREATE TABLE lines (id bigint CONSTRAINT line_there PRIMARY KEY, price integer CONSTRAINT price_there NOT NULL);
CREATE TABLE sales (day date CONSTRAINT day_there NOT NULL, amount integer);
CREATE TABLE returns () INHERITS (sales);
