CREATE TABLE regions (id int PRIMARY KEY);
CREATE TABLE days (day date, region_id int, PRIMARY KEY (day, region_id)) PARTITION BY RANGE (day);
CREATE TABLE days_2025 PARTITION OF days FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE events (
    id bigint NOT NULL,
    at date NOT NULL,
    code text,
    region_id int,
    CONSTRAINT events_pkey PRIMARY KEY (id, at),
    CONSTRAINT events_code_at_key UNIQUE (code, at) INCLUDE (id),
    CONSTRAINT events_region_fkey FOREIGN KEY (region_id) REFERENCES regions ON DELETE CASCADE,
    CONSTRAINT events_day_fkey FOREIGN KEY (at, region_id) REFERENCES days
) PARTITION BY RANGE (at);
CREATE TABLE events_2025 (id bigint NOT NULL, at date NOT NULL, code text, region_id int);
CREATE TABLE events_2026 (id bigint NOT NULL, at date NOT NULL, code text, region_id int);
