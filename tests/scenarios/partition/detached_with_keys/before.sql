CREATE TABLE regions (id int PRIMARY KEY);
CREATE TABLE sales (
    id bigint NOT NULL,
    day date NOT NULL,
    region_id int NOT NULL,
    CONSTRAINT sales_pkey PRIMARY KEY (id, day),
    CONSTRAINT sales_region_fkey FOREIGN KEY (region_id) REFERENCES regions
) PARTITION BY RANGE (day);
CREATE INDEX sales_region_idx ON sales (region_id);
CREATE TABLE sales_2025 PARTITION OF sales FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE sales_2026 PARTITION OF sales FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE TABLE sales_rest PARTITION OF sales DEFAULT;
CREATE TABLE refunds (
    sale_id bigint,
    day date,
    CONSTRAINT refunds_sale_fkey FOREIGN KEY (sale_id, day) REFERENCES sales (id, day)
);
CREATE TABLE log (id int PRIMARY KEY, kind text, region_id int REFERENCES regions) PARTITION BY RANGE (id);
CREATE INDEX log_kind_idx ON log (kind);
CREATE TABLE log_1 PARTITION OF log FOR VALUES FROM (1) TO (100);
CREATE TABLE log_2 PARTITION OF log FOR VALUES FROM (100) TO (200);
CREATE TABLE wide (id int, note text, CONSTRAINT wide_key UNIQUE (id) INCLUDE (note)) PARTITION BY RANGE (id);
CREATE TABLE wide_1 PARTITION OF wide FOR VALUES FROM (0) TO (9);
