CREATE TABLE members (team text NOT NULL, user_id bigint NOT NULL, PRIMARY KEY (team, user_id));
CREATE TABLE notes (id bigint PRIMARY KEY, team text NOT NULL, body text);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_the_team ON notes
    USING (EXISTS (SELECT FROM members m WHERE m.team = notes.team AND m.user_id = current_setting('app.user', true)::integer));
COMMENT ON POLICY of_the_team ON notes IS 'Members see what their team writes.';
