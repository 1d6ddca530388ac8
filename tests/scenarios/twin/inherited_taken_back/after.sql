CREATE TABLE items (
    id bigint PRIMARY KEY,
    price bigint DEFAULT 0 NOT NULL CONSTRAINT items_price CHECK (price >= 0),
    -- @renamed_from label
    title text
);
CREATE TABLE books (pages integer) INHERITS (items);
CREATE UNIQUE INDEX books_id ON books (id);
CREATE INDEX books_label ON books (title, price);
COMMENT ON COLUMN books.title IS 'On the cover';
