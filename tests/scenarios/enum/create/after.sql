CREATE TABLE keep (id bigint PRIMARY KEY);
CREATE TYPE mood AS ENUM ('sad', 'it''s ok', 'Happy');
CREATE TYPE empty_mood AS ENUM ();
