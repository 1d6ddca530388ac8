CREATE TABLE notes (
    id bigint PRIMARY KEY,
    -- @renamed_from writer
    author text NOT NULL,
    body text
);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
ALTER TABLE notes FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON notes USING (author = CURRENT_USER) WITH CHECK (author = CURRENT_USER);
GRANT SELECT (author), UPDATE (author) ON notes TO pgphase_twin_reader;
