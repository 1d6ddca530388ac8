CREATE TABLE articles (
    id integer PRIMARY KEY,
    title varchar(100) NOT NULL DEFAULT 'new',
    price integer,
    pieces integer NOT NULL DEFAULT 1,
    words tsvector GENERATED ALWAYS AS (to_tsvector('simple'::regconfig, title::text)) STORED,
    total bigint GENERATED ALWAYS AS (price * pieces) STORED,
    CONSTRAINT articles_title CHECK (title <> '')
);
CREATE INDEX articles_words ON articles USING gin (words);
CREATE VIEW titles AS SELECT id, title FROM articles;
