CREATE TABLE a (id int NOT NULL, v text, w int, x int, y int DEFAULT 1);
CREATE TABLE a1 (z int) INHERITS (a);
