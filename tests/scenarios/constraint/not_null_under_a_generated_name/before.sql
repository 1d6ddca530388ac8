CREATE TABLE users (id bigint CONSTRAINT people_id_not_null NOT NULL, name text);
