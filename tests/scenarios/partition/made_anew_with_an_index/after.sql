CREATE TABLE logs (id bigint NOT NULL, at timestamptz NOT NULL, archived timestamptz) PARTITION BY RANGE (at);
CREATE TABLE logs_default (id bigint NOT NULL, at timestamptz NOT NULL, archived timestamptz);
ALTER TABLE ONLY logs ATTACH PARTITION logs_default DEFAULT;
CREATE INDEX logs_id_idx ON ONLY logs (id, archived);
CREATE INDEX logs_default_id_idx ON logs_default (id, archived);
ALTER INDEX logs_id_idx ATTACH PARTITION logs_default_id_idx;
