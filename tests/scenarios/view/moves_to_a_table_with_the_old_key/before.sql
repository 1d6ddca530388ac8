CREATE TABLE libraries (id bigint PRIMARY KEY, kind text NOT NULL);
CREATE TABLE user_overrides (library bigint REFERENCES libraries (id), name text, CONSTRAINT overrides_pkey PRIMARY KEY (library));
CREATE INDEX overrides_name ON user_overrides (name);
CREATE VIEW private_libraries AS SELECT l.id, l.kind, o.name FROM libraries l LEFT JOIN user_overrides o ON o.library = l.id;
CREATE VIEW public_libraries AS SELECT id, name FROM private_libraries;
