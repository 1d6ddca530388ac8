CREATE TABLE items (id integer PRIMARY KEY, price integer DEFAULT 0 NOT NULL CONSTRAINT items_price CHECK (price >= 0), label text);
CREATE TABLE books (pages integer) INHERITS (items);
CREATE UNIQUE INDEX books_id ON books (id);
CREATE INDEX books_label ON books (label, price);
COMMENT ON COLUMN books.label IS 'On the cover';
