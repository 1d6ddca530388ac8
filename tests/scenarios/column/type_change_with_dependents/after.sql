CREATE TABLE hits (id bigint PRIMARY KEY, counter bigint DEFAULT 0 NOT NULL, CONSTRAINT counter_positive CHECK (counter >= 0));
CREATE INDEX hits_counter_idx ON hits (counter) WHERE counter > 10;
CREATE VIEW top_hits AS SELECT id, counter FROM hits WHERE counter > 100;
