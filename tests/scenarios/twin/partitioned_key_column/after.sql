CREATE TABLE events (id bigint, 
    -- @renamed_from at
    happened date NOT NULL, note text) PARTITION BY RANGE (happened);
CREATE INDEX events_happened_idx ON events (happened);
CREATE TABLE events_24 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
