CREATE TYPE state AS ENUM ('open', 'shut', 'it''s odd');
CREATE TABLE doors (
    id int PRIMARY KEY,
    state state NOT NULL DEFAULT 'open'
);
