CREATE TABLE visits (id bigint, at timestamptz, pages integer) PARTITION BY RANGE (date_trunc('month', at AT TIME ZONE 'UTC'), id);
CREATE TABLE visits_1 PARTITION OF visits FOR VALUES FROM ('2020-01-01', MINVALUE) TO ('2021-01-01', MAXVALUE);
