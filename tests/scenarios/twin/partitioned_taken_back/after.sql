CREATE TABLE visits (
    site integer,
    at date,
    amount bigint DEFAULT 1 NOT NULL CONSTRAINT visits_amount CHECK (amount > 0),
    -- @renamed_from note
    remark text,
    PRIMARY KEY (site, at)
) PARTITION BY LIST (site);
CREATE TABLE visits_0 PARTITION OF visits FOR VALUES IN (0);
CREATE TABLE visits_rest PARTITION OF visits DEFAULT PARTITION BY HASH (site);
CREATE TABLE visits_rest_0 PARTITION OF visits_rest FOR VALUES WITH (MODULUS 1, REMAINDER 0);
