CREATE TABLE notes (id bigint PRIMARY KEY, owner text, public boolean);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
ALTER TABLE notes FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON notes USING (owner = CURRENT_USER);
CREATE POLICY read_public ON notes FOR SELECT TO app_reader, app_writer USING (public);
CREATE POLICY write_own ON notes FOR INSERT TO app_writer WITH CHECK (owner = CURRENT_USER AND NOT public);
CREATE POLICY narrow ON notes AS RESTRICTIVE FOR UPDATE TO app_writer USING (id > 0) WITH CHECK (id > 10);
COMMENT ON POLICY own ON notes IS 'each sees the own';
