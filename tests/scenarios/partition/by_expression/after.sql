CREATE TABLE keep (id bigint PRIMARY KEY);
CREATE TABLE names (id bigint, name text) PARTITION BY RANGE (lower(name), id);
CREATE TABLE names_a PARTITION OF names FOR VALUES FROM ('a', MINVALUE) TO ('n', MAXVALUE);
