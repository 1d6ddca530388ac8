CREATE TABLE members (id bigint PRIMARY KEY, role text NOT NULL DEFAULT 'guest', seen integer);
CREATE TABLE notes (id bigint PRIMARY KEY, author bigint, text text);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY staff ON notes USING (EXISTS (SELECT FROM members m WHERE m.id = author AND m.role = 'staff'));
CREATE FUNCTION role_of(who bigint) RETURNS text LANGUAGE sql STABLE BEGIN ATOMIC SELECT m.role FROM members m WHERE m.id = who; END;
CREATE FUNCTION seen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO notes VALUES ((SELECT coalesce(max(id), 0) + 1 FROM notes), NEW.id, 'changed'); RETURN NULL; END $$;
CREATE TRIGGER seen AFTER UPDATE ON members FOR EACH ROW WHEN (OLD.role IS DISTINCT FROM NEW.role) EXECUTE FUNCTION seen();
CREATE PUBLICATION outside FOR TABLE members (id, role);
