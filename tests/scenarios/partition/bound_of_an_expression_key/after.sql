CREATE TABLE visits (id bigint, at timestamptz, pages bigint) PARTITION BY RANGE (date_trunc('month', at AT TIME ZONE 'UTC'), id);
CREATE TABLE visits_1 PARTITION OF visits FOR VALUES FROM ('2020-01-01', MINVALUE) TO ('2021-01-01', MAXVALUE);
