CREATE TABLE album (pages int NOT NULL DEFAULT 1, sheets int GENERATED ALWAYS AS (pages * 2) STORED, note text DEFAULT 'none');
CREATE TABLE book (pages int NOT NULL DEFAULT 1, sheets int, note text DEFAULT NULL, title text) INHERITS (album);
CREATE TABLE chart (pages int NOT NULL DEFAULT 1, sheets int, maps int) INHERITS (book);
