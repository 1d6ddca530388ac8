CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy', 'great');
CREATE TABLE people (id bigint PRIMARY KEY, mood mood DEFAULT 'ok');
