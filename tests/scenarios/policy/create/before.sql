CREATE TABLE notes (id bigint PRIMARY KEY, owner text, public boolean);
