CREATE TABLE album (pages int NOT NULL DEFAULT 1, sheets int GENERATED ALWAYS AS (pages * 2) STORED, note text DEFAULT 'none');
-- A column of the parent as well: without a word it refuses nulls, has the default and is generated as there.
CREATE TABLE book (pages int, sheets int, note text DEFAULT NULL, title text) INHERITS (album);
CREATE TABLE chart (pages int, sheets int, maps int) INHERITS (book);
