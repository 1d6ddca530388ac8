CREATE TABLE readings (id bigint NOT NULL, at bigint DEFAULT 7 NOT NULL, value numeric(14,4) DEFAULT 0 CHECK (value >= 0));
CREATE INDEX readings_value ON readings (value);
CREATE TABLE outside (place text, CONSTRAINT outside_value CHECK (value < 1000), CONSTRAINT outside_pkey PRIMARY KEY (id)) INHERITS (readings);
CREATE INDEX outside_at ON outside (at, place);
CREATE TABLE inside (room integer NOT NULL) INHERITS (readings);
CREATE VIEW rooms AS SELECT room, max(value) AS value FROM inside GROUP BY room;
CREATE TABLE moist (moist boolean) INHERITS (outside, inside);
