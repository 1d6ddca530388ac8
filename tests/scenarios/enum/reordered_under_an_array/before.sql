CREATE TYPE mood AS ENUM ('sad', 'happy', 'ok');
CREATE TABLE people (id bigint PRIMARY KEY, mood mood DEFAULT 'ok', CONSTRAINT not_sad CHECK (mood <> 'sad'::mood));
