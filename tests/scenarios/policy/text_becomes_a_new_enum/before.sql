CREATE TABLE notes (id int PRIMARY KEY, role text NOT NULL);
CREATE POLICY admins ON notes USING (role = 'admin') WITH CHECK (role <> 'guest');
