CREATE TABLE p (x int, a bigint);
CREATE TABLE c (y int) INHERITS (p);
CREATE TABLE d (z int) INHERITS (c);
CREATE SEQUENCE counter OWNED BY c.a;
CREATE SEQUENCE other OWNED BY d.x;
