CREATE TABLE teams (id bigint PRIMARY KEY);
CREATE TABLE members (team bigint, name text);
CREATE TABLE notes (id bigint PRIMARY KEY, team bigint);
CREATE FUNCTION me() RETURNS text LANGUAGE sql STABLE AS $$ SELECT current_setting('app.user', true) $$;
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY team ON notes USING (team IN (SELECT m.team FROM members m WHERE m.name = me()));
