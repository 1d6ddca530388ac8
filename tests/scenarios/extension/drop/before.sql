CREATE EXTENSION pg_trgm;
CREATE TABLE keep (id bigint PRIMARY KEY, name text);
CREATE INDEX keep_name_idx ON keep USING gin (name gin_trgm_ops);
