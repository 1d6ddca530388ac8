CREATE TYPE state AS ENUM ('new', 'open', 'gone');
CREATE TABLE jobs (id bigint PRIMARY KEY, state state NOT NULL DEFAULT 'new');
CREATE INDEX jobs_state_idx ON jobs (state);
