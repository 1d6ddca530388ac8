CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE TABLE people (
    id int PRIMARY KEY,
    mood mood NOT NULL DEFAULT 'ok',
    moods mood[],
    CONSTRAINT people_mood_check CHECK (mood <> 'ok' OR id > 0)
);
CREATE INDEX people_ok_idx ON people (id) WHERE mood = 'ok';
CREATE VIEW calm AS SELECT id FROM people WHERE mood = 'ok';
CREATE TABLE days (day date, mood mood NOT NULL) PARTITION BY LIST (mood);
CREATE TABLE days_ok PARTITION OF days FOR VALUES IN ('ok', 'sad');
CREATE TABLE weeks (week int, mood mood NOT NULL) PARTITION BY RANGE (mood, week);
CREATE TABLE weeks_ok PARTITION OF weeks FOR VALUES FROM ('sad', 1) TO ('ok', 10);
CREATE DOMAIN calm_mood AS mood DEFAULT 'ok' CHECK (VALUE <> 'sad');
