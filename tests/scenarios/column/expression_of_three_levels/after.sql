CREATE TABLE p (id integer, g integer);
CREATE TABLE c () INHERITS (p);
CREATE TABLE d () INHERITS (c);
