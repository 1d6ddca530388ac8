CREATE TABLE people (id bigint CONSTRAINT people_pkey PRIMARY KEY, name text);
CREATE INDEX people_name_idx ON people (name);
