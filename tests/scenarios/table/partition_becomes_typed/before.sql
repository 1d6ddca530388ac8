CREATE TYPE town AS (name text, people bigint);
CREATE TABLE towns (name text, people bigint) PARTITION BY LIST (name);
CREATE TABLE towns_a PARTITION OF towns FOR VALUES IN ('a');
CREATE TABLE other OF town;
