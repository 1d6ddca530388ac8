CREATE TABLE notes (id bigint PRIMARY KEY);
CREATE TABLE sessions (
    name text NOT NULL,
    place int NOT NULL,
    CONSTRAINT sessions_pkey PRIMARY KEY (name),
    CONSTRAINT sessions_place_key UNIQUE (place)
);
-- In one CREATE TABLE, PostgreSQL would make one constraint of two over the same columns.
ALTER TABLE sessions ADD CONSTRAINT sessions_name_key UNIQUE (name);
ALTER TABLE sessions ADD CONSTRAINT sessions_place_again UNIQUE (place);
ALTER TABLE sessions ADD CONSTRAINT sessions_apart EXCLUDE USING btree (place WITH =);
ALTER TABLE sessions ADD CONSTRAINT sessions_apart_again EXCLUDE USING btree (place WITH =);
