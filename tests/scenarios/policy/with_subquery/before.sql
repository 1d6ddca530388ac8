CREATE TABLE teams (id bigint PRIMARY KEY);
CREATE TABLE notes (id bigint PRIMARY KEY, team bigint);
