CREATE TABLE p (x int);
CREATE TABLE c (y int) INHERITS (p);
