CREATE TABLE events (id bigint NOT NULL, at timestamp NOT NULL, note text, CONSTRAINT id_positive CHECK (id > 0)) PARTITION BY RANGE (at);
CREATE TABLE events_2025 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
