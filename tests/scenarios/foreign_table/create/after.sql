CREATE FOREIGN DATA WRAPPER w;
CREATE SERVER s FOREIGN DATA WRAPPER w;
CREATE SERVER s2 FOREIGN DATA WRAPPER w;
CREATE FOREIGN TABLE f (
    id integer OPTIONS (column_name 'ID') NOT NULL,
    name text OPTIONS (column_name 'NAME', "key" 'true') COLLATE "C" DEFAULT 'x',
    CONSTRAINT positive CHECK (id > 0)
) SERVER s OPTIONS (table_name 'F', schema_name 'remote');
CREATE FOREIGN TABLE nothing () SERVER s2;
CREATE TABLE parted (id int, day date) PARTITION BY RANGE (day);
CREATE FOREIGN TABLE parted_old PARTITION OF parted FOR VALUES FROM ('2020-01-01') TO ('2021-01-01') SERVER s OPTIONS (t 'old');
COMMENT ON FOREIGN TABLE f IS 'far away';
COMMENT ON COLUMN f.name IS 'its name';
GRANT SELECT ON f TO pg_monitor;
CREATE VIEW v AS SELECT id FROM f;
