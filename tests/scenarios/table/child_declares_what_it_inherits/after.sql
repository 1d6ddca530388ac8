CREATE TABLE documents (id integer, body text DEFAULT 'empty', CONSTRAINT numbered CHECK (id > 0));
CREATE TABLE marked (marks integer);
-- All that it inherits.
CREATE TABLE letters (
    id integer,
    body text DEFAULT 'empty',
    stamp text,
    CONSTRAINT numbered CHECK (id > 0)
) INHERITS (documents);
CREATE TABLE drafts (
    id integer,
    body text DEFAULT 'draft',
    marks integer,
    CONSTRAINT numbered CHECK (id > 0)
) INHERITS (documents, marked);
-- Nothing but a check.
CREATE TABLE notes (CONSTRAINT numbered CHECK (id > 0)) INHERITS (documents);
