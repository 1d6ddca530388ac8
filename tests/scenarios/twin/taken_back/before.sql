CREATE TABLE teams (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name varchar(20) NOT NULL);
CREATE TABLE players (id bigint PRIMARY KEY, team integer NOT NULL REFERENCES teams (id), nick text CONSTRAINT players_nick_key UNIQUE);
CREATE INDEX players_team ON players (team);
CREATE VIEW rosters AS SELECT t.name, p.nick FROM teams t JOIN players p ON p.team = t.id;
