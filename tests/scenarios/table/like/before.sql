CREATE TABLE a (id bigint DEFAULT 7 NOT NULL, note text CHECK (note <> ''));
