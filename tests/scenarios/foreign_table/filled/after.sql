CREATE FOREIGN DATA WRAPPER w;
CREATE SERVER s FOREIGN DATA WRAPPER w;
CREATE FOREIGN TABLE f (
    id integer,
    -- @backfill id + 1
    n integer
) SERVER s;
