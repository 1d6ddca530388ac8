CREATE TABLE before (id int);
CREATE TABLE sales (id bigint NOT NULL, day date NOT NULL, CONSTRAINT sales_pkey PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
CREATE TABLE sales_2025 PARTITION OF sales FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE sales_rest PARTITION OF sales DEFAULT;
CREATE TABLE refunds (
    sale_id bigint,
    day date,
    CONSTRAINT refunds_sale_fkey FOREIGN KEY (sale_id, day) REFERENCES sales (id, day)
);
