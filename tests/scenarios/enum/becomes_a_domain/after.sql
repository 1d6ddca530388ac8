CREATE DOMAIN size AS text CHECK (VALUE IN ('small', 'large'));
CREATE TABLE shirts (id bigint PRIMARY KEY, size size NOT NULL);
