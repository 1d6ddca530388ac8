CREATE TYPE size AS ENUM ('small', 'large');
CREATE TABLE shirts (id bigint PRIMARY KEY, size size NOT NULL);
