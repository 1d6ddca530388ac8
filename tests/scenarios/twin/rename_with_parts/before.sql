CREATE TABLE teams (id bigint PRIMARY KEY);
CREATE TABLE users (
    id bigint PRIMARY KEY,
    team bigint REFERENCES teams (id) ON DELETE SET NULL,
    mail text NOT NULL,
    CONSTRAINT users_mail_check CHECK (mail LIKE '%@%'),
    CONSTRAINT users_mail_key UNIQUE (mail)
);
CREATE INDEX users_team_idx ON users (team);
CREATE UNIQUE INDEX users_lower_mail ON users (lower(mail)) WHERE team IS NOT NULL;
CREATE STATISTICS users_stats ON team, mail FROM users;
COMMENT ON COLUMN users.mail IS 'Where to write';
COMMENT ON CONSTRAINT users_mail_key ON users IS 'One account for each';
COMMENT ON INDEX users_lower_mail IS 'For the search';
