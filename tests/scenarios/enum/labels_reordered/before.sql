CREATE TYPE size AS ENUM ('large', 'small', 'medium');
CREATE TABLE shirts (id bigint PRIMARY KEY, size size NOT NULL, sizes size[] NOT NULL);
CREATE INDEX shirts_size_idx ON shirts (size);
