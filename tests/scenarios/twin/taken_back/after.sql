CREATE TABLE teams (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name varchar(20) NOT NULL);
CREATE TABLE players (
    id bigint PRIMARY KEY,
    team bigint NOT NULL REFERENCES teams (id),
    -- @renamed_from nick
    nickname text CONSTRAINT players_nick_key UNIQUE
);
CREATE INDEX players_team ON players (team);
CREATE VIEW rosters AS SELECT t.name, p.nickname AS nick FROM teams t JOIN players p ON p.team = t.id;
