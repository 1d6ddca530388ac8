CREATE TABLE notes (id bigint PRIMARY KEY, writer text NOT NULL, body text);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
ALTER TABLE notes FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON notes USING (writer = CURRENT_USER) WITH CHECK (writer = CURRENT_USER);
GRANT SELECT (writer), UPDATE (writer) ON notes TO pgphase_twin_reader;
