CREATE TYPE state AS ENUM (
    'open',
    'ajar',
    -- @renamed_from shut
    'closed',
    -- @renamed_from 'it''s odd'
    'odd'
);
CREATE TABLE doors (
    id int PRIMARY KEY,
    state state NOT NULL DEFAULT 'closed',
    next_state state,
    CONSTRAINT doors_next_check CHECK (next_state <> 'odd')
);
CREATE INDEX doors_closed_idx ON doors (id) WHERE state = 'closed';
CREATE INDEX doors_open_idx ON doors (id) WHERE state = 'open';
CREATE FUNCTION shut(state) RETURNS boolean LANGUAGE sql RETURN $1 = 'closed'::state;
CREATE VIEW closed_doors AS SELECT id, state = 'closed' AS is_closed FROM doors;
