CREATE TABLE events (id bigint, at date NOT NULL, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE events_2025 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE events_rest PARTITION OF events DEFAULT;
CREATE TABLE letters (id bigint, kind text) PARTITION BY LIST (kind);
CREATE TABLE letters_rest PARTITION OF letters DEFAULT PARTITION BY RANGE (id);
CREATE TABLE letters_rest_1 PARTITION OF letters_rest FOR VALUES FROM (1) TO (100);
CREATE TABLE letters_b (id bigint, kind text);
CREATE TABLE pairs (a int, b int) PARTITION BY RANGE (a, b);
CREATE TABLE pairs_rest PARTITION OF pairs DEFAULT;
