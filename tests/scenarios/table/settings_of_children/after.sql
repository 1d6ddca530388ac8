-- Each says again what it has of its own, and the rest follows the parent.
CREATE TABLE documents (body text, pages integer);
CREATE TABLE letters () INHERITS (documents);
CREATE TABLE postcards () INHERITS (letters);
CREATE TABLE drafts () INHERITS (documents);
ALTER TABLE documents ALTER COLUMN body SET STATISTICS 200;
ALTER TABLE documents ALTER COLUMN body SET STORAGE PLAIN;
ALTER TABLE ONLY letters ALTER COLUMN body SET STATISTICS 300;
ALTER TABLE ONLY letters ALTER COLUMN body SET STORAGE MAIN;
ALTER TABLE ONLY postcards ALTER COLUMN body SET STATISTICS 40;
-- These do not go down.
ALTER TABLE documents ALTER COLUMN body SET COMPRESSION pglz;
ALTER TABLE postcards ALTER COLUMN body SET COMPRESSION pglz;
ALTER TABLE documents ALTER COLUMN pages SET (n_distinct = 5);
ALTER TABLE drafts ALTER COLUMN pages SET (n_distinct = 9);
