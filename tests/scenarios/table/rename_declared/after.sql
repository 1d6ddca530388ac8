-- @renamed_from people
CREATE TABLE users (id bigint CONSTRAINT people_pkey PRIMARY KEY, name text);
CREATE INDEX people_name_idx ON users (name);
