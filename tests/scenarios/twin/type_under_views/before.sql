CREATE TABLE hits (id bigint PRIMARY KEY, counter integer DEFAULT 0 NOT NULL);
CREATE VIEW top_hits AS SELECT id, counter FROM hits WHERE counter > 100;
CREATE VIEW first_hits AS SELECT * FROM top_hits LIMIT 10;
CREATE VIEW ids AS SELECT id FROM hits;
COMMENT ON VIEW top_hits IS 'The best';
COMMENT ON COLUMN top_hits.counter IS 'How many';
