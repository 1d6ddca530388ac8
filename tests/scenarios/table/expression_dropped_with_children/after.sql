CREATE TABLE paper (pages int, sheets int);
CREATE TABLE book (pages int, sheets int, title text) INHERITS (paper);
