CREATE TABLE regions (id int PRIMARY KEY);
CREATE TABLE sales (
    id bigint GENERATED ALWAYS AS IDENTITY,
    day date NOT NULL,
    region_id int NOT NULL REFERENCES regions,
    amount numeric(12,2) NOT NULL DEFAULT 0,
    net numeric(12,2) GENERATED ALWAYS AS (amount * 0.8) STORED,
    note text,
    CONSTRAINT sales_pkey PRIMARY KEY (id, day),
    CONSTRAINT sales_amount_check CHECK (amount >= 0)
) PARTITION BY RANGE (day);
ALTER TABLE sales ALTER COLUMN note SET STORAGE EXTERNAL;
CREATE INDEX sales_region_idx ON sales (region_id);
CREATE INDEX sales_note_idx ON sales (lower(note)) WHERE note IS NOT NULL;
CREATE TABLE sales_2025 PARTITION OF sales FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE refunds (
    sale_id bigint,
    day date,
    CONSTRAINT refunds_sale_fkey FOREIGN KEY (sale_id, day) REFERENCES sales (id, day)
);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN new; END $$;
CREATE TRIGGER touched BEFORE UPDATE ON sales FOR EACH ROW EXECUTE FUNCTION touch();
ALTER TABLE sales ADD COLUMN channel text DEFAULT 'web' NOT NULL;
CREATE TABLE sales_2026 PARTITION OF sales (
    amount DEFAULT 1,
    note NOT NULL,
    CONSTRAINT sales_2026_region_check CHECK (region_id > 0)
) FOR VALUES FROM ('2026-01-01') TO ('2027-01-01') WITH (fillfactor = 80);
COMMENT ON COLUMN sales_2026.note IS 'never empty this year';
CREATE INDEX sales_2026_amount_idx ON sales_2026 (amount);
CREATE TABLE sales_2027 PARTITION OF sales FOR VALUES FROM ('2027-01-01') TO ('2028-01-01') PARTITION BY RANGE (day);
CREATE TABLE sales_2027_rest PARTITION OF sales_2027 DEFAULT;
CREATE TABLE sales_2027_spring PARTITION OF sales_2027 FOR VALUES FROM ('2027-01-01') TO ('2027-07-01');
CREATE TRIGGER counted AFTER INSERT ON sales_2026 FOR EACH ROW EXECUTE FUNCTION touch();
