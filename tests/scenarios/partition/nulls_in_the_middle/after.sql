CREATE TABLE visits (region integer, at date, guest text) PARTITION BY LIST (region);
CREATE TABLE visits_north PARTITION OF visits FOR VALUES IN (1) PARTITION BY RANGE (at);
CREATE TABLE visits_north_2025 PARTITION OF visits_north FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE visits_south PARTITION OF visits FOR VALUES IN (2);
