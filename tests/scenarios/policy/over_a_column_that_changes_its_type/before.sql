CREATE TYPE role AS ENUM ('admin', 'guest');
CREATE TABLE notes (id int PRIMARY KEY, role role NOT NULL);
CREATE POLICY admins ON notes USING (role = 'admin') WITH CHECK (role <> 'guest');
