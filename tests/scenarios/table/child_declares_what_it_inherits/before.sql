CREATE TABLE documents (id integer, body text DEFAULT 'empty', CONSTRAINT numbered CHECK (id > 0));
CREATE TABLE marked (marks integer);
CREATE TABLE letters (stamp text) INHERITS (documents);
CREATE TABLE drafts () INHERITS (documents, marked);
ALTER TABLE drafts ALTER COLUMN body SET DEFAULT 'draft';
CREATE TABLE notes () INHERITS (documents);
