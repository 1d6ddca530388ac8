CREATE TABLE keep (id bigint PRIMARY KEY);
CREATE FUNCTION minutes_apart(a time, b time) RETURNS double precision LANGUAGE sql IMMUTABLE AS $$ SELECT EXTRACT(EPOCH FROM (a - b)) / 60 $$;
CREATE TYPE timerange AS RANGE (subtype = time, subtype_diff = minutes_apart);
CREATE TYPE textrange AS RANGE (subtype = text, collation = "C", multirange_type_name = textranges);
CREATE TABLE shifts (id bigint PRIMARY KEY, hours timerange);
