CREATE TYPE mood AS ENUM (
    'sad',
    -- @renamed_from ok
    'fine',
    'happy'
);
CREATE TABLE people (
    id int PRIMARY KEY,
    mood mood NOT NULL DEFAULT 'fine',
    moods mood[],
    CONSTRAINT people_mood_check CHECK (mood <> 'fine' OR id > 0)
);
CREATE INDEX people_ok_idx ON people (id) WHERE mood = 'fine';
CREATE VIEW calm AS SELECT id FROM people WHERE mood = 'fine';
CREATE TABLE days (day date, mood mood NOT NULL) PARTITION BY LIST (mood);
CREATE TABLE days_ok PARTITION OF days FOR VALUES IN ('fine', 'sad');
CREATE TABLE weeks (week int, mood mood NOT NULL) PARTITION BY RANGE (mood, week);
CREATE TABLE weeks_ok PARTITION OF weeks FOR VALUES FROM ('sad', 1) TO ('fine', 10);
CREATE DOMAIN calm_mood AS mood DEFAULT 'fine' CHECK (VALUE <> 'sad');
