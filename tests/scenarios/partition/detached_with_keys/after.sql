CREATE TABLE regions (id int PRIMARY KEY);
CREATE TABLE sales (
    id bigint NOT NULL,
    day date NOT NULL,
    region_id int NOT NULL,
    CONSTRAINT sales_pkey PRIMARY KEY (id, day),
    CONSTRAINT sales_region_fkey FOREIGN KEY (region_id) REFERENCES regions
) PARTITION BY RANGE (day);
CREATE INDEX sales_region_idx ON sales (region_id);
CREATE TABLE sales_2025 (id bigint NOT NULL, day date NOT NULL, region_id int NOT NULL, CONSTRAINT sales_2025_pkey PRIMARY KEY (id, day), CONSTRAINT sales_region_fkey FOREIGN KEY (region_id) REFERENCES regions);
CREATE INDEX sales_2025_region_id_idx ON sales_2025 (region_id);
CREATE TABLE sales_2026 PARTITION OF sales FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE TABLE sales_rest PARTITION OF sales DEFAULT;
CREATE TABLE refunds (
    sale_id bigint,
    day date,
    CONSTRAINT refunds_sale_fkey FOREIGN KEY (sale_id, day) REFERENCES sales (id, day)
);
CREATE TABLE log (id int PRIMARY KEY, kind text, region_id int REFERENCES regions) PARTITION BY RANGE (id);
CREATE INDEX log_kind_idx ON log (kind);
CREATE TABLE log_1 (id int, kind text, region_id int, CONSTRAINT log_1_pkey PRIMARY KEY (id));
CREATE TABLE log_2 (id int NOT NULL, kind text, region_id int, CONSTRAINT log_region_id_fkey FOREIGN KEY (region_id) REFERENCES regions);
CREATE INDEX log_2_kind_idx ON log_2 (kind);
CREATE TABLE wide (id int, note text, CONSTRAINT wide_key UNIQUE (id) INCLUDE (note)) PARTITION BY RANGE (id);
CREATE TABLE wide_1 (id int, note text, CONSTRAINT wide_1_id_note_key UNIQUE (id) INCLUDE (note));
