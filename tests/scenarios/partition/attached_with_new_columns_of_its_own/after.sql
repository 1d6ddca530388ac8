CREATE TYPE part AS ENUM ('A', 'B', 'C');
CREATE TABLE metrics (trial int NOT NULL, id int NOT NULL, kind text NOT NULL DEFAULT 'none', part part NOT NULL DEFAULT 'B') PARTITION BY LIST (part);
CREATE TABLE raw_steps (trial int NOT NULL, id int NOT NULL, kind text NOT NULL DEFAULT 'step', part part NOT NULL DEFAULT 'A');
CREATE TABLE base (trial int NOT NULL, note text DEFAULT 'none');
CREATE TABLE kept (trial int NOT NULL, note text DEFAULT 'kept') INHERITS (base);
ALTER TABLE metrics ATTACH PARTITION raw_steps FOR VALUES IN ('A');
