CREATE TABLE jobs (id bigint PRIMARY KEY, state text, deleted_at timestamptz);
CREATE INDEX jobs_open_idx ON jobs (id) WHERE state IN ('new', 'running') AND deleted_at IS NULL;
