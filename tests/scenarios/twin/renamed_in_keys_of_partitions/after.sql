CREATE TABLE days (
    day date,
    -- @renamed_from place
    site text NOT NULL,
    PRIMARY KEY (day, site)) PARTITION BY RANGE (day);
CREATE TABLE days_1 PARTITION OF days FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
CREATE TABLE days_2 PARTITION OF days FOR VALUES FROM ('2026-02-01') TO ('2026-03-01');
CREATE TABLE visits (id bigint PRIMARY KEY, day date, place text, FOREIGN KEY (day, place) REFERENCES days);
CREATE INDEX days_2_place ON days_2 (site) WHERE site <> 'x';
CREATE VIEW second AS SELECT site AS place FROM days_2;
