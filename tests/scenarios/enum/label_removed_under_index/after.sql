CREATE TYPE mood AS ENUM ('sad', 'fine', 'happy');
CREATE TABLE people (
    id int PRIMARY KEY,
    mood mood NOT NULL DEFAULT 'fine',
    CONSTRAINT people_mood_check CHECK (mood <> 'fine' OR id > 0)
);
CREATE INDEX people_ok_idx ON people (id) WHERE mood = 'fine';
