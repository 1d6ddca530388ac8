CREATE TABLE docs (id bigint PRIMARY KEY, body jsonb, tags text[]);
CREATE INDEX docs_body_idx ON docs USING gin (body jsonb_path_ops);
CREATE INDEX docs_tags_idx ON docs USING gin (tags) WITH (fastupdate = off);
