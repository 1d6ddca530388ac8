CREATE TABLE team (id int PRIMARY KEY, lead text);
CREATE TABLE member (team int, name text);
ALTER TABLE team ENABLE ROW LEVEL SECURITY;
ALTER TABLE member ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_members ON team USING (EXISTS (SELECT FROM member WHERE member.team = team.id AND name = current_user));
CREATE POLICY of_leads ON member USING (EXISTS (SELECT FROM team WHERE team.id = member.team AND lead = current_user));
