CREATE TABLE teams (id bigint PRIMARY KEY);
CREATE TABLE users (
    id bigint PRIMARY KEY,
    -- @renamed_from team
    team_id bigint CONSTRAINT users_team_fkey REFERENCES teams (id) ON DELETE SET NULL,
    -- @renamed_from mail
    email text NOT NULL,
    CONSTRAINT users_mail_check CHECK (email LIKE '%@%'),
    CONSTRAINT users_mail_key UNIQUE (email)
);
CREATE INDEX users_team_idx ON users (team_id);
CREATE UNIQUE INDEX users_lower_mail ON users (lower(email)) WHERE team_id IS NOT NULL;
CREATE STATISTICS users_stats ON team_id, email FROM users;
COMMENT ON COLUMN users.email IS 'Where to write';
COMMENT ON CONSTRAINT users_mail_key ON users IS 'One account for each';
COMMENT ON INDEX users_lower_mail IS 'For the search';
