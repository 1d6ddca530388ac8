CREATE TABLE paper (pages int, sheets int GENERATED ALWAYS AS (pages * 2) STORED);
CREATE TABLE book (pages int, sheets int, title text) INHERITS (paper);
