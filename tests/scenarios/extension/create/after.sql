CREATE EXTENSION IF NOT EXISTS citext;
CREATE SCHEMA ext;
CREATE EXTENSION hstore WITH SCHEMA ext;
CREATE TABLE keep (id bigint PRIMARY KEY, email citext, attrs ext.hstore);
CREATE INDEX keep_email_idx ON keep (email);
COMMENT ON EXTENSION citext IS 'text without case';
