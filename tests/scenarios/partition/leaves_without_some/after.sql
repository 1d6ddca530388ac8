CREATE TABLE events (id bigint NOT NULL, at date NOT NULL, size integer, CONSTRAINT id_positive CHECK (id > 0)) PARTITION BY RANGE (at);
CREATE TABLE events_2025 (id bigint NOT NULL, at date NOT NULL);
