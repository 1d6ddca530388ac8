CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE TABLE people (
    id int PRIMARY KEY,
    mood mood NOT NULL DEFAULT 'ok',
    CONSTRAINT people_mood_check CHECK (mood <> 'ok' OR id > 0)
);
CREATE INDEX people_ok_idx ON people (id) WHERE mood = 'ok';
