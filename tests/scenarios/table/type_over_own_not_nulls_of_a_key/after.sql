CREATE TABLE base (id bigint PRIMARY KEY, note text);
CREATE TABLE declares (id bigint NOT NULL, note text) INHERITS (base);
CREATE RULE quiet AS ON DELETE TO base WHERE old.id < 0 DO INSTEAD NOTHING;
