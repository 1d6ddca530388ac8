CREATE TYPE state AS ENUM ('new', 'open');
CREATE TABLE jobs (
    id bigint PRIMARY KEY,
    -- @using CASE WHEN state = 'gone' THEN 'open' ELSE state END
    state state NOT NULL DEFAULT 'new'
);
CREATE INDEX jobs_state_idx ON jobs (state);
